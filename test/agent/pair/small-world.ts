import type { PairView } from '../../../agent/pair/pair-view.ts'
import { PAIR_TRANSITIONS } from '../../../agent/pair/transitions.ts'
import type { Step } from '../../../agent/plan.ts'
import type { InstanceView, Situation } from '../../../agent/situation.ts'
import { type Deed, decide } from '../../../agent/transitions.ts'
import type { Holdings } from '../../../cib/holdings.ts'
import { BLANK, type ClusterMemory } from '../../../cib/memory.ts'
import type { Notification } from '../../../cib/notification.ts'
import { type GtidSet, gtidSet } from '../../../lib/mysql/gtid-set.ts'
import { formatMysqlGtidSet } from '../../../lib/mysql/mysql-gtid-set.ts'
import { facts, OWN_UUID, record, replication, semiSync, situation, UUID } from '../situations.ts'

/** A transaction: whose, and the how many of it. */
export type Write = `${Name}:${number}`
export type Name = 'alpha' | 'beta'

/** One of two servers, in as few words as decisions about it need. What it acknowledged as a replica is on its disk. */
export interface Node {
  readonly name: Name
  up: boolean
  role: 'stopped' | 'unpromoted' | 'promoted'
  writable: boolean
  /** What it has committed or is committing, and what it has received. */
  log: Write[]
  relay: Write[]
  receiver: boolean
  acknowledging: boolean
  /** Commits wait for the other one. */
  waits: boolean
  written: number
  reign: ClusterMemory
  holdings: Holdings | undefined
  lastLook: Situation['lastLook']
}

export interface World {
  readonly nodes: Readonly<Record<Name, Node>>
  /** Of which a client was told. */
  readonly acknowledged: Set<Write>
  broken: string | undefined
}

const node = (name: Name): Node => ({
  ...{ name, up: true, role: 'unpromoted', writable: false, log: [], relay: [], receiver: false, acknowledging: false },
  ...{ waits: false, written: 0, reign: BLANK, holdings: undefined, lastLook: undefined },
})

export const createWorld = (): World => ({
  nodes: { alpha: node('alpha'), beta: node('beta') },
  acknowledged: new Set(),
  broken: undefined,
})

export const otherOf = ({ nodes }: World, { name }: Node): Node => nodes[name === 'alpha' ? 'beta' : 'alpha']
export const held = ({ log, relay }: Node): readonly Write[] => [...log, ...relay]

const uuidOf = (name: string) => (name === 'alpha' ? OWN_UUID : UUID)

function setOf(writes: readonly Write[]): GtidSet {
  return gtidSet(
    writes.map(write => {
      const [name = '', number] = write.split(':')
      return [uuidOf(name), [Number(number), Number(number)]]
    }),
  )
}

const isConnected = (world: World, one: Node) => one.up && one.receiver && otherOf(world, one).up
const waiting = (world: World, one: Node) =>
  one.log.filter(write => write.startsWith(one.name) && !world.acknowledged.has(write)).length

function serverOf(world: World, one: Node) {
  const other = otherOf(world, one)
  const isAcked = isConnected(world, other) && other.acknowledging
  const receiver = one.receiver ? (other.up ? 'running' : 'connecting') : 'stopped'
  return facts({
    serverUuid: uuidOf(one.name),
    writable: one.writable,
    executed: setOf(one.log),
    replication: replication({ ...{ sourceHost: other.name, receiver }, received: setOf(one.relay) }),
    semiSync: semiSync({
      ...{ sourceEnabled: one.waits, replicaEnabled: one.acknowledging, ackers: isAcked ? 1 : 0 },
      waitingSessions: one.waits ? waiting(world, one) : 0,
      acknowledged: [...world.acknowledged].filter(write => write.startsWith(one.name)).length,
    }),
  })
}

function viewOf(one: Node): InstanceView {
  if (!one.up) return { answers: false, because: `${one.name} is off`, silent: true }
  const [serverId, serverUuid] = [one.name === 'alpha' ? 3 : 4, uuidOf(one.name)]
  return { answers: true, executed: setOf(one.log), writable: one.writable, purged: new Map(), serverId, serverUuid }
}

export function notificationOf(world: World, promoting: readonly Name[]): Notification {
  const named = (is: (one: Node) => boolean) =>
    Object.values(world.nodes)
      .filter(one => one.up && is(one))
      .map(one => one.name)
  const lists = { starting: [], stopping: [], demoting: [], event: undefined }
  const [promoted, unpromoted] = [named(one => one.role === 'promoted'), named(one => one.role === 'unpromoted')]
  return { ...lists, active: named(one => one.role !== 'stopped'), promoted, unpromoted, promoting }
}

/** What an action sees. */
export function look(world: World, one: Node, notification: Notification | undefined): Situation {
  const other = otherOf(world, one)
  const isKnown = other.reign.record !== undefined
  const pair: PairView = {
    ...{ other: isKnown ? other.name : undefined, memory: other.reign, settings: undefined },
    hasReigned: one.reign.record !== undefined,
  }
  const isThere = notification?.active.includes(other.name) ?? false
  const epoch = other.reign.record?.epoch ?? 0
  const holdings = other.holdings?.epoch === epoch && other.up ? other.holdings : undefined
  const online = Object.values(world.nodes).filter(({ up }) => up)
  return situation({
    ...{ node: one.name, instances: 2, notification, memory: one.reign, pair, lastLook: one.lastLook },
    instance: { state: one.writable ? 'promoted' : 'unpromoted', facts: serverOf(world, one) },
    peers: isThere ? [{ node: other.name, holdings }] : [],
    source: isKnown ? viewOf(other) : undefined,
    ackers: new Map([[other.name, viewOf(other)]]),
    cluster: {
      ...{ online: online.map(({ name }) => name), unclean: [] },
      active: online.filter(({ role }) => role !== 'stopped').map(({ name }) => name),
    },
  })
}

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

function remember(world: World, one: Node, step: Step, { memory }: Situation): boolean {
  const other = otherOf(world, one)
  const registered = (name: string, epoch: number) => new Map([[name, { epoch, boot: '5d2c1f0a', at: 1 }]])
  switch (step.do) {
    case 'publish-holdings':
      one.holdings = {
        ...{ epoch: step.epoch, sound: true, boot: '5d2c1f0a' },
        held: { by: 'gtid', flavour: 'mysql', set: setOf(held(one)) },
      }
      return true
    case 'publish-source': {
      const { epoch, acks, ackers } = step
      const change = { epoch, acks, node: one.name, host: one.name, gtid: formatMysqlGtidSet(setOf(one.log)) }
      const known = [...memory.registrations.keys(), ...ackers.map(({ node }) => node)]
      one.reign = {
        ...BLANK,
        record: record(change),
        registrations: known.length > 0 ? registered(other.name, epoch) : new Map(),
      }
      return true
    }
    case 'open-writes':
      one.writable = true
      expectAll(world, one)
      return true
    case 'register-acker':
      other.reign = { ...other.reign, registrations: registered(one.name, step.epoch) }
      return true
    case 'lower-guarantee':
      one.reign = { ...one.reign, guarantee: { epoch: step.epoch, acks: step.acks } }
      return true
    case 'raise-guarantee':
      if (!one.log.every(write => other.log.includes(write))) return false
      one.reign = { ...one.reign, guarantee: { epoch: step.epoch, acks: step.acks } }
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
