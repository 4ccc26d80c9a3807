import fc from 'fast-check'
import type { Durability } from '../../../agent/durability.ts'
import { remember, sever } from './cib.ts'
import { attach, detach, quit } from './detach.ts'
import { apply, isStranded, receive, write } from './flow.ts'
import { act, canElect, elect, join, killAction, lose } from './pacemaker.ts'
import { fence, powerOff } from './power.ts'
import { purge } from './purge.ts'
import { installed, kill } from './server.ts'
import { comeBack, leaveBehind, reboot, setSynced, waver, writeByHand } from './story.ts'
import { finish, flow, inOrder, mayFence, times, work } from './work.ts'
import { cut, isQuorate, mend, type Node, sideOf, sourceOf, type World } from './world.ts'

/** Something that may happen. What makes no sense in the world as it is does nothing. */
export interface Event {
  readonly what: keyof typeof EVENTS
  /** A node, by its place; from FIVE on the source. */
  readonly node: number
  /** Another one. */
  readonly other: number
  /** How, as far as it can happen in several ways. */
  readonly how: number
}

type Happening = (world: World, node: Node, how: number, other: Node) => unknown

const DURABILITIES: readonly Durability[] = [
  { mode: 'available', acks: 1 },
  { mode: 'strict', acks: 1 },
  { mode: 'available', acks: 2 },
  { mode: 'strict', acks: 2 },
  { mode: 'strict', acks: 3 },
  { mode: 'available', acks: 3 },
  { mode: 'async', acks: 1 },
]

/** Everything that happens, with how often it does beside it. */
const EVENTS = {
  // what clients and replication do
  commit: [30, (world, _, how) => writers(world).map(node => write(world, node, how % 8 > 0))],
  receive: [12, (world, node, how) => receive(world, node, how === 0)],
  apply: [4, (world, node) => apply(world, node)],
  flow: [12, (world, node, how) => times(how, () => receive(world, node, false) || apply(world, node))],
  'flow all': [12, (world, _, how) => inOrder(world, how).map(node => flow(world, node))],
  // what Pacemaker does
  act: [60, (world, node, how) => times(how % 8, () => act(world, node))],
  finish: [30, (world, node) => finish(world, node)],
  work: [30, (world, node, how) => work(world, node, how)],
  elect: [10, (world, node, how) => canElect(world, node) && elect(world, node, one => how % 8 === one.id)],
  demote: [2, (_, node) => want(node, 'demote')],
  stop: [2, (_, node) => want(node, 'stop')],
  fence: [6, (world, node, how) => mayFence(world, node) && fence(world, node, how % 4)],
  purge: [4, (world, node, how) => purge(world, node, (how % 8) / 7)],
  'leave behind': [6, (world, node, how) => leaveBehind(world, node, how)],
  // what goes wrong, and ends again
  crash: [5, (_, { server }) => kill(server)],
  hang: [1, (_, { server, pacemaker }) => pacemaker && server.process === 'serving' && hang(server)],
  'power off': [4, (world, node, how) => node.up && powerOff(world, node, how % 4)],
  'reboot of a receiver': [8, (world, node, how, other) => node.up && reboot(world, node, other, how)],
  'power on': [12, (world, node, _, other) => !node.up && comeBack(world, node, other)],
  sever: [2, (_, node) => node.up && sever(node)],
  'sever while it writes': [5, (_, node) => doom(node)],
  join: [10, (world, node, _, other) => mayJoin(node, other) && join(world, node, other)],
  cut: [3, (world, node, _, other) => node !== other && node.pacemaker && other.pacemaker && cut(world, node, other)],
  mend: [6, (world, node, _, other) => mend(world, node, other)],
  'time out': [4, (world, node) => lose(world, node)],
  'kill the agent': [4, (world, node) => killAction(world, node)],
  // what people do
  'pacemaker off': [3, (world, node) => quit(world, node)],
  'pacemaker off, server on': [2, (world, node) => detach(world, node)],
  'pacemaker on': [6, (world, node) => attach(world, node)],
  'sync off': [3, world => setSynced(world, false)],
  'sync on': [2, world => setSynced(world, true)],
  'sync off, and on again': [5, (world, _, how) => waver(world, how)],
  durability: [1, (world, _, how) => setDurability(world, how)],
  'write here': [0.5, (world, node) => node.server.process === 'serving' && writeByHand(world, node)],
  rebuild: [4, (world, node, _, other) => rebuild(world, node, other)],
  'accept loss': [0.5, (world, node) => acceptLoss(world, node)],
} as const satisfies Record<string, readonly [weight: number, happening: Happening]>

/** Any number of events, so many at most. */
export const anyEvents = (most: number): fc.Arbitrary<readonly Event[]> => {
  const what = fc.oneof(
    ...Object.entries(EVENTS).map(([name, [weight]]) => ({
      weight: 2 * weight,
      arbitrary: fc.constant(name as Event['what']),
    })),
  )
  const event = fc.record({ what, node: fc.nat(7), other: fc.nat(6), how: fc.nat(63) })
  return fc.noBias(fc.array(event, { maxLength: most, size: 'max' }))
}

/** It happens. */
export function happen(world: World, { what, node, other, how }: Event): void {
  const at = (place: number) => (place < FIVE ? undefined : sourceOf(world)) ?? nodeAt(world, place)
  const happening: Happening = EVENTS[what][1]
  const before = world.trace.length
  happening(world, at(node), how, at(other))
  if (!QUIET.has(what)) world.trace.splice(before, 0, `${what} ${at(node).name} ${at(other).name} ${how}`)
}

const QUIET: ReadonlySet<string> = new Set(['act', 'finish', 'work'])

/** Places from here on are that of the source, wherever it is: what happens to it matters most. */
const FIVE = 5

const nodeAt = ({ nodes }: World, place: number) => nodes[place % nodes.length] as Node

const writers = ({ nodes }: World) =>
  nodes.filter(({ server: { process, writable } }) => process === 'serving' && writable)

/** Somebody has a source handed over, or an instance stopped. */
function want(node: Node, wanted: 'demote' | 'stop'): void {
  if (node.role === 'promoted' || (wanted === 'stop' && node.role === 'unpromoted')) node.wanted = wanted
}

const doom = (node: Node) => {
  node.isDoomed = true
}

const hang = (server: Node['server']) => {
  server.process = 'hung'
}

/** Whoever was fenced comes back with empty hands; one side of a partition joins the other. */
const mayJoin = (node: Node, other: Node) => node.up && other.up && node.side !== other.side

/** MariaDB waits for one replica only. */
function setDurability(world: World, how: number): void {
  const { mode, acks } = DURABILITIES[how % DURABILITIES.length] ?? world.durability
  world.durability = { mode, acks: world.flavour === 'mariadb' ? 1 : Math.min(acks, world.nodes.length - 1) }
}

/** Somebody gives a node the data of the source: one in quarantine, or one that needs logs that are gone. */
function rebuild(world: World, node: Node, source: Node): void {
  const { memory } = node.cib
  if (memory.record?.node !== source.name || source === node) return
  if (!memory.quarantines.has(node.name) && !isLeftBehind(node, source)) return
  if (source.server.process !== 'serving' || node.action !== undefined || !isQuorate(world, node)) return
  const run = node.server.run
  const data = source.server.log.slice(0, source.server.committed)
  kill(node.server)
  Object.assign(node.server, installed(data), { run, purged: data.length })
  const quarantines = new Map(memory.quarantines)
  quarantines.delete(node.name)
  remember(world, node, { quarantines })
  node.failed = node.role !== 'stopped'
}

/** It says that it cannot follow for want of logs. A replica with a relay log to apply does not say that. */
const isLeftBehind = ({ server }: Node, source: Node) => server.relay.length === 0 && isStranded(server, source.server)

function acceptLoss(world: World, node: Node): void {
  const { record } = node.cib.memory
  if (record && isQuorate(world, node) && sideOf(world, node).every(({ role }) => role !== 'promoted'))
    remember(world, node, { acceptedLoss: { epoch: record.epoch, node: node.name } })
}
