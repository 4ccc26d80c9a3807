import { NO_PREFERENCE } from '../../agent/failback.ts'
import type { ReaderSight } from '../../agent/reader-sight.ts'
import type { AnsweringInstance, Peer, Situation } from '../../agent/situation.ts'
import type { Held, Holdings } from '../../cib/holdings.ts'
import { BLANK, type ClusterMemory } from '../../cib/memory.ts'
import type { Notification } from '../../cib/notification.ts'
import type { Registration } from '../../cib/registration.ts'
import type { SourceRecord } from '../../cib/source-record.ts'
import { parseMysqlGtidSet } from '../../lib/mysql/mysql-gtid-set.ts'
import type { Replication, SemiSync, ServerFacts } from '../../lib/mysql/server-facts.ts'

/** The server that wrote every transaction here: beta's. */
export const UUID = '3e11fa47-71ca-11e1-9e33-c80aa9429562'
/** The server of this node, alpha. */
export const OWN_UUID = '9a1b0c3d-71ca-11e1-9e33-c80aa9429562'

export const BOOT = '5d2c1f0a'

/** A GTID set of one server: "1-5", "" for none. */
export const gtids = (intervals: string) => parseMysqlGtidSet(intervals === '' ? '' : `${UUID}:${intervals}`)

export const held = (intervals: string): Held => ({ by: 'gtid', flavour: 'mysql', set: gtids(intervals) })

export const holdings = (intervals: string, change: Partial<Holdings> = {}): Holdings => ({
  epoch: 7,
  held: held(intervals),
  sound: true,
  boot: BOOT,
  ...change,
})

export const peer = (node: string, intervals: string | undefined, change: Partial<Holdings> = {}): Peer => ({
  node,
  holdings: intervals === undefined ? undefined : holdings(intervals, change),
})

/** A replica of beta, in step with it. */
export const replication = (change: Partial<Replication> = {}): Replication => ({
  sourceHost: 'beta',
  sourcePort: 3306,
  receiver: 'running',
  receiverError: undefined,
  applierRunning: true,
  applierError: undefined,
  lagSeconds: 0,
  byGtid: true,
  received: gtids('1-10'),
  readTo: { file: 'binlog.000007', position: 900 },
  appliedTo: { file: 'binlog.000007', position: 900 },
  ...change,
})

/** A replica that acknowledges. */
export const semiSync = (change: Partial<SemiSync> = {}): SemiSync => ({
  sourceEnabled: false,
  replicaEnabled: true,
  acks: 1,
  ackers: 0,
  waitingSessions: 0,
  acknowledged: 0,
  ...change,
})

export const facts = (change: Partial<ServerFacts> = {}): ServerFacts => ({
  flavour: 'mysql',
  version: '9.7.0',
  serverId: 1,
  serverUuid: OWN_UUID,
  port: 3306,
  writable: false,
  gtid: true,
  binaryLog: { file: 'binlog.000002', position: 157 },
  executed: gtids('1-10'),
  gtidPosition: `${UUID}:1-10`,
  replication: undefined,
  relayLogSynced: true,
  commitsSynced: true,
  semiSync: semiSync(),
  ...change,
})

/** Another instance that has executed this much, and has all its binary logs. */
export const answering = (intervals: string, change: Partial<AnsweringInstance> = {}): AnsweringInstance => ({
  answers: true,
  executed: gtids(intervals),
  writable: true,
  serverId: 2,
  serverUuid: UUID,
  purged: gtids(''),
  ...change,
})

export const unpromoted = (change: Partial<ServerFacts> = {}) =>
  ({ state: 'unpromoted', facts: facts(change) }) as const

export const promoted = (change: Partial<ServerFacts> = {}) =>
  ({ state: 'promoted', facts: facts({ writable: true, ...change }) }) as const

/** beta has been the source since epoch 7. */
export const record = (change: Partial<SourceRecord> = {}): SourceRecord => ({
  epoch: 7,
  node: 'beta',
  acks: 1,
  proven: true,
  doubted: [],
  boot: BOOT,
  synced: true,
  host: 'beta',
  port: 3306,
  server: UUID,
  binaryLog: { file: 'binlog.000003', position: 157 },
  gtid: `${UUID}:1-4`,
  previous: undefined,
  ...change,
})

export const registration = (change: Partial<Registration> = {}): Registration => ({
  epoch: 7,
  boot: BOOT,
  at: 1,
  ...change,
})

/** beta is the source; alpha and gamma acknowledge. */
export const memory = (change: Partial<ClusterMemory> = {}): ClusterMemory => ({
  ...BLANK,
  record: record(),
  registrations: new Map([
    ['alpha', registration()],
    ['gamma', registration()],
  ]),
  ...change,
})

export const notification = (change: Partial<Notification> = {}): Notification => ({
  event: undefined,
  active: ['alpha', 'beta', 'gamma'],
  promoted: ['beta'],
  unpromoted: ['alpha', 'gamma'],
  starting: [],
  stopping: [],
  promoting: [],
  demoting: [],
  ...change,
})

/** Readers leave at 60 s and come back at 30 s; nothing is amiss. */
export const readers = (change: Partial<ReaderSight> = {}): ReaderSight => ({
  maxLagSeconds: 60,
  returnLagSeconds: 30,
  lagLook: undefined,
  backup: undefined,
  ...change,
})

/** alpha, a replica in step with its source beta, with gamma beside it. */
export const situation = (change: Partial<Situation> = {}): Situation => ({
  node: 'alpha',
  instance: unpromoted({ replication: replication() }),
  instances: 3,
  notification: notification(),
  memory: memory(),
  quorate: true,
  unmet: undefined,
  site: undefined,
  peers: [],
  frozen: false,
  source: undefined,
  neighbours: new Map(),
  ackers: new Map(),
  cluster: undefined,
  lastLook: undefined,
  tail: undefined,
  durability: { mode: 'available', acks: 1 },
  boot: BOOT,
  onDiverged: 'quarantine',
  preference: NO_PREFERENCE,
  pair: undefined,
  readers: readers(),
  byGtid: true,
  ...change,
})
