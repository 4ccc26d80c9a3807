import { OCF } from '../../../agent/exit-code.ts'
import type { Deed } from '../../../agent/transitions.ts'
import type { Notification } from '../../../cib/notification.ts'
import { advance, beginAction, type End, giveUp } from './action.ts'
import { fence } from './power.ts'
import { isQuorate, membersOf, type Node, sideOf, type World } from './world.ts'

/** What Pacemaker does next on a node, where no action is in progress; undefined: nothing. */
function nextDeed(world: World, node: Node): Deed | undefined {
  const { up, pacemaker, role, failed, wanted, server } = node
  if (!up || !pacemaker) return undefined
  if (failed || !isQuorate(world, node)) {
    if (role === 'promoted') return 'demote'
    return role === 'unpromoted' || failed ? 'stop' : undefined
  }
  if (wanted === 'demote' && role === 'promoted') return 'demote'
  if (wanted === 'stop' && role !== 'stopped') return role === 'promoted' ? 'demote' : 'stop'
  if (role === 'stopped') return server.process === 'hung' ? 'stop' : 'start'
  return electing(world, node) ?? 'monitor'
}

function electing({ election, nodes }: World, { name }: Node): Deed | undefined {
  if (election === undefined) return undefined
  if (election.stage === 'before' && election.before.has(name)) return 'pre-promote'
  if (election.stage === 'after' && election.after.has(name)) return 'post-promote'
  const isNotified = election.before.size === 0 && nodes.every(({ action }) => action?.deed !== 'pre-promote')
  return election.stage === 'before' && election.candidate === name && isNotified ? 'promote' : undefined
}

/** An election can be held when nobody is promoted, or may be. */
export function canElect(world: World, candidate: Node): boolean {
  if (world.election?.stage === 'promote' || !isQuorate(world, candidate) || candidate.role !== 'unpromoted')
    return false
  return world.nodes.every(node => (node.side === candidate.side && node.up ? isSettled(node) : node.fenced))
}

const isSettled = ({ failed, role, action, wanted }: Node) =>
  !failed &&
  role !== 'promoted' &&
  wanted === undefined &&
  (action === undefined || ['monitor', 'pre-promote', 'post-promote'].includes(action.deed))

/** Notifications may be lost, as everything that only they do (I8). */
export function elect(world: World, candidate: Node, lost: (node: Node) => boolean): void {
  const active = sideOf(world, candidate).filter(({ role }) => role === 'unpromoted')
  const notified = active.filter(node => !lost(node)).map(({ name }) => name)
  world.election = {
    candidate: candidate.name,
    notification: { ...notificationOf(world), promoting: [candidate.name] },
    stage: 'before',
    before: new Set(notified),
    after: new Set(notified.filter(name => name !== candidate.name)),
  }
}

/** The lists as of the start of a transition. */
function notificationOf({ nodes }: World): Notification {
  const named = (is: (node: Node) => boolean) => nodes.filter(is).map(({ name }) => name)
  return {
    event: undefined,
    active: named(({ role }) => role !== 'stopped'),
    promoted: named(({ role }) => role === 'promoted'),
    unpromoted: named(({ role }) => role === 'unpromoted'),
    starting: [],
    stopping: [],
    promoting: [],
    demoting: [],
  }
}

function begin(world: World, node: Node, deed: Deed): void {
  const { election } = world
  if (deed === 'pre-promote') election?.before.delete(node.name)
  if (deed === 'post-promote') election?.after.delete(node.name)
  if (deed === 'promote' && election) election.stage = 'promote'
  if (deed === 'promote') node.role = 'promoted' // it may be, from now on
  const isPart = deed === 'pre-promote' || deed === 'post-promote' || deed === 'promote'
  const notification = isPart ? election?.notification : notificationOf(world)
  node.action = beginAction(deed, deed === 'monitor' ? undefined : notification)
}

/** The node's action goes on by one moment; where none is in progress, the next one begins. */
export function act(world: World, node: Node): void {
  const deed = node.action ? undefined : nextDeed(world, node)
  if (deed !== undefined) begin(world, node, deed)
  if (node.action) over(world, node, advance(world, node, node.action))
}

/** The step at hand runs into its own bound. */
export function lose(world: World, node: Node): void {
  if (node.action) over(world, node, giveUp(world, node, node.action))
}

/** The action is killed: it went past its timeout, or something killed it. */
export function killAction(world: World, node: Node): void {
  if (node.action) over(world, node, OCF.ERR_GENERIC)
}

const KNOWN: readonly string[] = ['stopped', 'unpromoted', 'promoted']

function over(world: World, node: Node, exit: End): void {
  if (exit === undefined || node.action === undefined) return
  const { deed, plan, situation } = node.action
  node.action = undefined
  world.trace.push(`  ${node.name} ${deed}: ${exit} ${plan?.because ?? ''}`)
  const isDone = exit === OCF.SUCCESS
  if (deed === 'start') {
    node.role = 'unpromoted'
    node.failed = !isDone
  }
  if (deed === 'demote') demoted(node, isDone)
  if (deed === 'stop') stopped(world, node, isDone)
  if (deed === 'promote') promoted(world, node, isDone)
  if (deed !== 'monitor') return
  const isUnknown = situation !== undefined && !KNOWN.includes(situation.instance.state)
  if (isUnknown && exit !== OCF.ERR_GENERIC && exit !== OCF.FAILED_PROMOTED)
    world.broken ??= `I7: ${node.name} does not know, and answers ${exit}`
  monitored(node, exit)
}

/** A demotion that fails is followed by a stop. */
function demoted(node: Node, isDone: boolean): void {
  node.role = 'unpromoted'
  node.failed ||= !isDone
  if (node.wanted === 'demote') node.wanted = undefined
}

/** A stop that fails means fencing. */
function stopped(world: World, node: Node, isDone: boolean): void {
  if (!isDone) {
    fence(world, node)
    return
  }
  node.role = 'stopped'
  node.failed = false
  node.wanted = undefined
  node.score = undefined
}

function promoted(world: World, node: Node, isDone: boolean): void {
  node.failed ||= !isDone
  if (world.election?.candidate !== node.name) return
  if (isDone) world.election.stage = 'after'
  else world.election = undefined
}

function monitored(node: Node, exit: number): void {
  const isPromoted = exit === OCF.RUNNING_PROMOTED || exit === OCF.DEGRADED_PROMOTED
  const isUnpromoted = exit === OCF.SUCCESS || exit === OCF.DEGRADED
  if (node.role === 'promoted' ? isPromoted : isUnpromoted) return
  node.failed = true
  if (isPromoted || exit === OCF.FAILED_PROMOTED) node.role = 'promoted'
}

/**
 * A node sees another one again, and all that this one sees. The newest CIB of all of them counts. Of equals, that of the larger
 * side is taken to win: it has more of the status updates that count last.
 */
export function join(world: World, node: Node, other: Node): void {
  const [before, copies] = [sideOf(world, node).length, membersOf(world, other).map(({ cib }) => cib)]
  const best = copies.reduce((a, b) => (b.version > a.version ? b : a), copies[0] ?? node.cib)
  const isLarger = before > copies.length
  const isNewer = node.cib.version > best.version || (node.cib.version === best.version && isLarger)
  node.side = other.side
  node.fenced = false
  for (const member of membersOf(world, other)) member.cib = isNewer && node.pacemaker ? node.cib : best
}
