import { NO_PREFERENCE } from '../agent/failback.ts'
import type { Instance, InstanceView, Situation } from '../agent/situation.ts'
import type { Holdings } from '../cib/holdings.ts'
import { BLANK, type ClusterMemory } from '../cib/memory.ts'
import type { Registration } from '../cib/registration.ts'
import type { SeedRequest } from '../cib/seed-request.ts'
import type { SourceRecord } from '../cib/source-record.ts'
import { parseGtidSet } from '../lib/mysql/gtid-text.ts'
import type { Replication, ServerFacts } from '../lib/mysql/server-facts.ts'

/** What an action may find, in words and as the agent sees it. */
export interface Example {
  readonly found: string
  readonly situation: Situation
}

const gtids = (text: string) => parseGtidSet('mariadb', text)
const place = (file: string, position: number) => ({ file, position })

/** This node is alpha, server 1; beta, server 2, is the source. */
const EVERYTHING = '0-2-102'
const WITH_OWN = '0-2-100,0-1-101'

/** The record of beta, as its promotion wrote it. */
export const RECORD: SourceRecord = {
  epoch: 7,
  node: 'beta',
  acks: 1,
  proven: true,
  doubted: [],
  boot: '5d2c1f0a',
  synced: true,
  host: 'beta',
  port: 3306,
  server: '2',
  binaryLog: place('binlog.000003', 343),
  gtid: '0-1-90',
  previous: undefined,
}

const BOOT = '5d2c1f0a'

/** What gamma, the third node, holds. */
export const HOLDINGS: Holdings = {
  epoch: RECORD.epoch,
  held: { by: 'gtid', flavour: 'mariadb', set: gtids(EVERYTHING) },
  sound: true,
  boot: BOOT,
}

/** alpha and gamma acknowledge. */
export const SEED_REQUEST: SeedRequest = {
  donor: 'gamma',
  method: 'backup',
  host: 'alpha',
  port: 41733,
  nonce: '9f1c2a4be07d5536',
}

/** A replica's registration. */
export const REGISTRATION: Registration = { epoch: RECORD.epoch, boot: BOOT, at: 1_795_275_187_000 }

const MEMORY: ClusterMemory = {
  ...BLANK,
  record: RECORD,
  registrations: new Map([
    ['alpha', REGISTRATION],
    ['gamma', REGISTRATION],
  ]),
}

const REPLICATION: Replication = {
  sourceHost: 'beta',
  sourcePort: 3306,
  receiver: 'running',
  receiverError: undefined,
  applierRunning: true,
  applierError: undefined,
  lagSeconds: 0,
  byGtid: true,
  received: gtids(EVERYTHING),
  readTo: place('binlog.000003', 900),
  appliedTo: place('binlog.000003', 900),
}

const facts = (change: Partial<ServerFacts>): ServerFacts => ({
  flavour: 'mariadb',
  version: '10.11',
  serverId: 1,
  serverUuid: undefined,
  port: 3306,
  writable: false,
  gtid: true,
  binaryLog: place('binlog.000002', 900),
  executed: gtids(EVERYTHING),
  gtidPosition: EVERYTHING,
  replication: undefined,
  relayLogSynced: true,
  commitsSynced: true,
  semiSync: { sourceEnabled: false, replicaEnabled: true, acks: 1, ackers: 0, waitingSessions: 0, acknowledged: 0 },
  ...change,
})

const unpromoted = (change: Partial<ServerFacts>): Instance => ({ state: 'unpromoted', facts: facts(change) })
const promoted = (change: Partial<ServerFacts['semiSync']> = {}): Instance => ({
  state: 'promoted',
  facts: facts({
    writable: true,
    semiSync: {
      sourceEnabled: true,
      replicaEnabled: false,
      acks: 1,
      ackers: 2,
      waitingSessions: 0,
      acknowledged: 0,
      ...change,
    },
  }),
})

const BETA: InstanceView = {
  answers: true,
  executed: gtids(EVERYTHING),
  writable: true,
  serverId: 2,
  serverUuid: undefined,
  purged: gtids(''),
}

const example = (found: string, instance: Instance, change: Partial<Situation> = {}): Example => ({
  found,
  situation: {
    node: 'alpha',
    instance,
    instances: 3,
    notification: {
      event: undefined,
      active: ['alpha', 'beta', 'gamma'],
      promoted: ['beta'],
      unpromoted: ['alpha', 'gamma'],
      starting: [],
      stopping: [],
      promoting: [],
      demoting: [],
    },
    memory: MEMORY,
    quorate: true,
    unmet: undefined,
    site: undefined,
    peers: [{ node: 'gamma', holdings: HOLDINGS }],
    frozen: false,
    source: BETA,
    neighbours: new Map(),
    onDiverged: 'quarantine',
    preference: NO_PREFERENCE,
    pair: undefined,
    ackers: new Map(),
    cluster: undefined,
    lastLook: undefined,
    durability: { mode: 'available', acks: 1 },
    boot: BOOT,
    tail: undefined,
    readers: { maxLagSeconds: 60, returnLagSeconds: 30, lagLook: undefined, backup: undefined },
    byGtid: true,
    ...change,
  },
})

const TAIL = {
  say: 'cut',
  because: 'transactions that nobody acknowledged end its binary log (1): 0-1-101',
  cut: { ...{ file: 'binlog.000002', position: 700 }, headEnd: 256, laterFiles: [], transactions: gtids('0-1-101') },
} as const

const SOURCE = { memory: { ...MEMORY, record: { ...RECORD, node: 'alpha', host: 'alpha' } }, source: undefined }

/** Every state of an instance, some of them in more than one form. */
export const EXAMPLES: readonly Example[] = [
  example('stopped', { state: 'stopped' }),
  example('stopped, crashed as the source', { state: 'stopped' }, { tail: TAIL }),
  example('starting', { state: 'starting' }),
  example('failed', { state: 'failed', because: 'mysqld does not answer' }),
  example('failed, the recorded source', { state: 'failed', because: 'mysqld does not answer' }, SOURCE),
  example('crowded, unpromoted before', { state: 'crowded', lastSeen: 'unpromoted' }),
  example('crowded, promoted before', { state: 'crowded', lastSeen: 'promoted' }, SOURCE),
  example('unpromoted, a replica', unpromoted({ replication: REPLICATION })),
  example(
    'unpromoted, its receiver stopped for an election',
    unpromoted({ replication: { ...REPLICATION, receiver: 'stopped' } }),
    { frozen: true, source: { answers: false, because: 'connection refused', silent: true } },
  ),
  example('unpromoted, follows nobody', unpromoted({})),
  example('unpromoted, with transactions of its own', unpromoted({ executed: gtids(WITH_OWN) })),
  example('promoted, the recorded source', promoted(), SOURCE),
  example('promoted, commits wait and no replica is connected', promoted({ ackers: 0, waitingSessions: 3 }), SOURCE),
  example('promoted, while another is on record', promoted()),
]
