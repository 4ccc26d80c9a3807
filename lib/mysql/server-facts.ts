import type { GtidSet } from './gtid-set.ts'

/** The two families of servers, which differ in their words and in what survives a crash. */
export type FlavourName = 'mysql' | 'mariadb'

/** A place in a binary log: meaningful only together with the server that wrote it. */
export interface Coordinates {
  readonly file: string
  readonly position: number
}

/** Whether the thread that fetches from the source runs; connecting: it runs and has no connection. */
export type ReceiverState = 'stopped' | 'connecting' | 'running'

/** The default replication channel as the replica shows it. */
export interface Replication {
  readonly sourceHost: string
  readonly sourcePort: number
  readonly receiver: ReceiverState
  readonly receiverError: string | undefined
  readonly applierRunning: boolean
  readonly applierError: string | undefined
  /** Seconds behind the source as the server says it; undefined where it does not know. */
  readonly lagSeconds: number | undefined
  /** Whether it follows by GTID (auto-position, slave_pos) or by file and position. */
  readonly byGtid: boolean
  /** What the relay log received, whole transactions only. Empty where GTIDs are off. */
  readonly received: GtidSet
  /** How far the receiver read, in the source's coordinates. */
  readonly readTo: Coordinates
  /** How far the applier executed, in the source's coordinates. */
  readonly appliedTo: Coordinates
}

/** Semi-synchronous replication, both sides, as the server's variables and status show it. */
export interface SemiSync {
  /** The source side waits for acknowledgements. */
  readonly sourceEnabled: boolean
  readonly replicaEnabled: boolean
  /** Acknowledgements that a commit waits for while the source side is enabled; 0 where that side is not loaded. */
  readonly acks: number
  /** Replicas that acknowledge, as the source counts them; MySQL's figure is stale for seconds after a loss. */
  readonly ackers: number
  /** Sessions whose commit waits for an acknowledgement now. */
  readonly waitingSessions: number
  /** Commits that were acknowledged since the server started: grows while those that wait make progress. */
  readonly acknowledged: number
}

/** One mysqld as two queries show it. */
export interface ServerFacts {
  readonly flavour: FlavourName
  readonly version: string
  readonly serverId: number
  /** MySQL's server_uuid; MariaDB has none. */
  readonly serverUuid: string | undefined
  readonly port: number
  /** Takes writes from ordinary accounts: super_read_only (MySQL) or read_only (MariaDB) is off. */
  readonly writable: boolean
  /** GTIDs can be used for replication: gtid_mode=ON; always on MariaDB. */
  readonly gtid: boolean
  /** End of its own binary log; undefined when it writes none. */
  readonly binaryLog: Coordinates | undefined
  /** Every transaction it has executed. Empty where GTIDs are off. */
  readonly executed: GtidSet
  /** The same in the server's own words, as a replica needs it to start: gtid_executed, or gtid_current_pos. */
  readonly gtidPosition: string
  readonly replication: Replication | undefined
  /** As a replica it has after a power loss what it acknowledged before: sync_relay_log=1, and not on MariaDB. */
  readonly relayLogSynced: boolean
  /** A commit is on disk, in the binary log and in InnoDB, before its client has its answer. MariaDB's defaults do not see to it. */
  readonly commitsSynced: boolean
  /** Undefined where the server has no semi-synchronous replication loaded. */
  readonly semiSync: SemiSync | undefined
}
