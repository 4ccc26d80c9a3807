import { PAIR_TRANSITIONS } from '../../../agent/pair/transitions.ts'
import type { Step } from '../../../agent/plan.ts'
import type { Situation } from '../../../agent/situation.ts'
import { type Deed, decide } from '../../../agent/transitions.ts'
import { BLANK, type ClusterMemory } from '../../../cib/memory.ts'
import type { Notification } from '../../../cib/notification.ts'
import { formatMysqlGtidSet } from '../../../lib/mysql/mysql-gtid-set.ts'
import { record } from '../situations.ts'
import { held, isConnected, look, type Node, otherOf, serverOf, setOf, type World, waiting } from './small-world.ts'

/** The steps of an action, as far as they are carried out: `most` of them. Whether it came to its end. */
export function act(
  world: World,
  one: Node,
  deed: Deed,
  notification: Notification | undefined,
  most: number,
): boolean {
  let left = most
  for (let round = 0; round < 4; round++) {
    const seen = look(world, one, notification)
    const { steps, next } = decide(deed, seen, PAIR_TRANSITIONS)
    for (const step of steps) {
      if (left-- <= 0 || !perform(world, one, step, seen)) return false
    }
    if (deed === 'monitor') note(world, one)
    if (next !== 'look-again') return next === 0 || next === 8
  }
  return false
}

function note(world: World, one: Node): void {
  const server = serverOf(world, one).semiSync
  if (!one.writable || server === undefined) return
  const { ackers, waitingSessions, acknowledged } = server
  one.lastLook = { ackers, waiting: waitingSessions, acknowledged, renewed: false }
}

/** Do one step; false where it fails. */
function perform(world: World, one: Node, step: Step, seen: Situation): boolean {
  const other = otherOf(world, one)
  switch (step.do) {
    case 'stop-receiver':
      one.receiver = false
      return true
    case 'follow':
      one.receiver = true
      return true
    case 'restart-receiver':
      one.receiver = true
      return true
    case 'drain-relay-log':
      one.log.push(...one.relay.splice(0))
      return true
    case 'catch-up-from':
      return fetch(one, other)
    case 'arm-replica':
    case 'disarm-replica':
      one.acknowledging = step.do === 'arm-replica'
      return true
    case 'renew-acks':
      if (isConnected(world, other) && other.acknowledging) acknowledge(world, one)
      return true
    case 'arm-source':
      one.waits = true
      return true
    case 'relax-source':
      release(world, one)
      return true
    case 'disarm-source':
      if (one.waits && waiting(world, one) > 0) return false
      one.waits = false
      return true
    case 'await-transactions':
      return other.log.every(write => held(one).includes(write))
    default:
      return remember(world, one, step, seen)
  }
}

function fetch(one: Node, other: Node): boolean {
  if (!other.up) return false
  one.receiver = true
  one.log.push(...one.relay.splice(0))
  one.log.push(...other.log.filter(write => !one.log.includes(write)))
  return true
}

/** The other one acknowledges what it has received: a commit returns, and with it those before. */
export function acknowledge(world: World, one: Node): void {
  if (!one.waits) return
  const other = otherOf(world, one)
  for (const write of one.log) {
    if (!held(other).includes(write)) return
    if (write.startsWith(one.name)) world.acknowledged.add(write)
  }
}

/** Commits that wait get their answer: those of clients that are still there, while writes are open. */
function release(world: World, one: Node): void {
  one.waits = false
  if (!one.writable) return
  for (const write of one.log) if (write.startsWith(one.name)) world.acknowledged.add(write)
}

const registered = (name: string, epoch: number) => new Map([[name, { epoch, boot: '5d2c1f0a', at: 1 }]])

type Publication = Extract<Step, { do: 'publish-source' }>

/** Whoever has registered before counts as well: it may acknowledge already. */
function publishedReign(
  one: Node,
  other: Node,
  { epoch, acks, ackers }: Publication,
  memory: ClusterMemory,
): ClusterMemory {
  const change = { epoch, acks, node: one.name, host: one.name, gtid: formatMysqlGtidSet(setOf(one.log)) }
  const isKnown = memory.registrations.size > 0 || ackers.length > 0
  return { ...BLANK, record: record(change), registrations: isKnown ? registered(other.name, epoch) : new Map() }
}

function remember(world: World, one: Node, step: Step, { memory }: Situation): boolean {
  const other = otherOf(world, one)
  switch (step.do) {
    case 'publish-holdings':
      one.holdings = {
        ...{ epoch: step.epoch, sound: true, boot: '5d2c1f0a' },
        held: { by: 'gtid', flavour: 'mysql', set: setOf(held(one)) },
      }
      return true
    case 'publish-source':
      one.reign = publishedReign(one, other, step, memory)
      return true
    case 'open-writes':
      one.writable = true
      expectAll(world, one)
      return true
    case 'register-acker':
      other.reign = { ...other.reign, registrations: registered(one.name, step.epoch) }
      return true
    case 'lower-guarantee':
      one.reign = { ...one.reign, guarantee: { epoch: step.epoch, acks: step.acks, synced: true } }
      return true
    case 'raise-guarantee':
      if (!one.log.every(write => other.log.includes(write))) return false
      one.reign = { ...one.reign, guarantee: { epoch: step.epoch, acks: step.acks, synced: true } }
      return true
    case 'release-ackers':
      one.reign = { ...one.reign, registrations: new Map() }
      return true
    case 'retract-holdings':
      one.holdings = undefined
      return true
    default:
      world.broken = `nobody expected ${step.do}`
      return false
  }
}

/** Nobody takes writes without what the other one has acknowledged so far. */
function expectAll(world: World, one: Node): void {
  const missing = [...world.acknowledged].find(write => !one.log.includes(write))
  if (missing !== undefined) world.broken = `${one.name} takes writes without ${missing}`
}
