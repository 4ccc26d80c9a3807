import type { PairView } from '../../../agent/pair/pair-view.ts'
import type { InstanceView, Situation } from '../../../agent/situation.ts'
import type { Holdings } from '../../../cib/holdings.ts'
import { BLANK, type ClusterMemory } from '../../../cib/memory.ts'
import type { Notification } from '../../../cib/notification.ts'
import { type GtidSet, gtidSet } from '../../../lib/mysql/gtid-set.ts'
import { facts, OWN_UUID, replication, semiSync, situation, UUID } from '../situations.ts'

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

export function setOf(writes: readonly Write[]): GtidSet {
  return gtidSet(
    writes.map(write => {
      const [name = '', number] = write.split(':')
      return [uuidOf(name), [Number(number), Number(number)]]
    }),
  )
}

export const isConnected = (world: World, one: Node) => one.up && one.receiver && otherOf(world, one).up
export const waiting = (world: World, one: Node) =>
  one.log.filter(write => write.startsWith(one.name) && !world.acknowledged.has(write)).length

export function serverOf(world: World, one: Node) {
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
