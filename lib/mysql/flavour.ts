import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import type { Connection } from './connection.ts'
import { escapeText } from './literal.ts'
import type { Coordinates, FlavourName } from './server-facts.ts'

/** What differs between MySQL and MariaDB in the statements that this program uses; the rest they share. */
export interface Flavour {
  readonly name: FlavourName
  readonly version: string
  /**
   * One row: server_id, server_uuid, port, gtid_mode, write_lock (off when accounts may write), sync_relay_log, executed
   * (GTIDs in its binary log), applied (GTIDs it applied as a replica) and logged (the last GTIDs of its binary log).
   */
  readonly facts: string
  /** A query for one value `purged`: what its binary logs no longer hold, on MariaDB the last of it in each domain. */
  readonly purged: string
  /** Statements that empty its GTID set and delete its binary logs, the newest first. */
  readonly forgetHistory: readonly string[]
  /** Every transaction in its tables is in its GTID set, even one that was cut out of the binary log. */
  readonly commitsShowInGtids: boolean
  /** A relay log that is on disk is still known after a loss of power; MariaDB's place in it is in files that may come back empty. */
  readonly relayLogSurvives: boolean
  /** Schema of the table GLOBAL_STATUS. */
  readonly statusSchema: 'performance_schema' | 'information_schema'
  /** End of every statement about replication: the default channel and no other. */
  readonly channel: string
  /**
   * Statements that show the end of the binary log, the newest first. None for MariaDB: its statement waits behind commits
   * that wait for an acknowledgement, and its status values tell the same.
   */
  readonly binaryLogStatus: readonly string[]
  /** Statements that let every account write, and those that let none. */
  readonly openWrites: readonly string[]
  readonly closeWrites: readonly string[]
  /** The option of changeSource() that chooses between GTIDs and a place in the source's binary log. */
  readonly position: { readonly byGtid: SourceOptions; readonly byCoordinates: SourceOptions }
  /** Options of changeSource() beside those that both flavours know. */
  readonly furtherOptions: SourceOptions
  /** The CHANGE statement with these options. */
  changeSource(options: SourceOptions): string
  /** What the applier needs to keep its relay log when it is started alone; undefined where it keeps it anyhow. */
  readonly relayLog: RelayLogWords | undefined
  /** The statement that says where to start by GTID; undefined where that follows from what was executed. */
  startAt(position: string): string | undefined
  /** A query for one value `reached`, 0 when the applier has executed the GTIDs within that time. */
  awaitGtids(gtids: string, seconds: number): string
}

/** How a server is asked where its relay log is, and told to read it from a place on. */
export interface RelayLogWords {
  /** One row: index_file, which may be empty, data_directory and threads, those of the parallel applier. */
  readonly place: string
  /** The statement after which the applier reads the relay log from this place on, and the receiver no longer goes by GTID. */
  readFrom(place: Coordinates): string
  parallelThreads(number: string): string
}

/** Option names in MySQL's words, without what all begin with (`HOST` for SOURCE_HOST), and SQL literals. */
export type SourceOptions = Readonly<Record<string, string>>

const MYSQL = {
  name: 'mysql',
  commitsShowInGtids: true,
  relayLogSurvives: true,
  facts:
    'SELECT @@server_id AS server_id, @@server_uuid AS server_uuid, @@port AS port, @@gtid_mode AS gtid_mode, ' +
    '@@read_only AND @@super_read_only AS write_lock, @@sync_relay_log AS sync_relay_log, ' +
    '@@sync_binlog AS sync_binlog, @@innodb_flush_log_at_trx_commit AS flush_log, ' +
    "@@GLOBAL.gtid_executed AS executed, '' AS applied, '' AS logged",
  purged: 'SELECT @@GLOBAL.gtid_purged AS purged',
  forgetHistory: ['RESET BINARY LOGS AND GTIDS', 'RESET MASTER'], // the former since 8.2
  statusSchema: 'performance_schema',
  channel: " FOR CHANNEL ''",
  binaryLogStatus: ['SHOW BINARY LOG STATUS', 'SHOW MASTER STATUS'], // the former since 8.2
  openWrites: ['SET GLOBAL super_read_only = OFF', 'SET GLOBAL read_only = OFF'],
  // The former sets both, but not where it is set already; alone it keeps nobody from writing.
  closeWrites: ['SET GLOBAL super_read_only = ON', 'SET GLOBAL read_only = ON'],
  position: { byGtid: { AUTO_POSITION: '1' }, byCoordinates: { AUTO_POSITION: '0' } },
  // Since 8.4 a replica gives up after ten attempts. Without TLS, caching_sha2_password needs the source's public key.
  furtherOptions: { RETRY_COUNT: '4294967295' },
  changeSource: options =>
    `CHANGE REPLICATION SOURCE TO ${assign('SOURCE_', options)}, GET_SOURCE_PUBLIC_KEY = 1 FOR CHANNEL ''`,
  relayLog: undefined,
  startAt: () => undefined,
  awaitGtids: (gtids, seconds) => `SELECT WAIT_FOR_EXECUTED_GTID_SET(${escapeText(gtids)}, ${seconds}) AS reached`,
} satisfies Omit<Flavour, 'version'>

const MARIADB = {
  name: 'mariadb',
  commitsShowInGtids: false,
  relayLogSurvives: false,
  facts:
    "SELECT @@server_id AS server_id, NULL AS server_uuid, @@port AS port, 'ON' AS gtid_mode, @@read_only AS write_lock, " +
    '@@sync_relay_log AS sync_relay_log, @@sync_binlog AS sync_binlog, @@innodb_flush_log_at_trx_commit AS flush_log, ' +
    '@@gtid_binlog_state AS executed, @@gtid_slave_pos AS applied, @@gtid_binlog_pos AS logged',
  purged: "SELECT BINLOG_GTID_POS('', 4) AS purged", // the state before the oldest log
  forgetHistory: ['RESET MASTER'],
  statusSchema: 'information_schema',
  channel: '',
  binaryLogStatus: [],
  openWrites: ['SET GLOBAL read_only = OFF'],
  closeWrites: ['SET GLOBAL read_only = ON'],
  position: { byGtid: { USE_GTID: 'slave_pos' }, byCoordinates: { USE_GTID: 'no' } },
  furtherOptions: {},
  changeSource: options => `CHANGE MASTER TO ${assign('MASTER_', options)}`,
  relayLog: {
    place: 'SELECT @@relay_log_index AS index_file, @@datadir AS data_directory, @@slave_parallel_threads AS threads',
    readFrom: ({ file, position }) =>
      `CHANGE MASTER TO RELAY_LOG_FILE = ${escapeText(file)}, RELAY_LOG_POS = ${position}, MASTER_USE_GTID = no`,
    parallelThreads: number => `SET GLOBAL slave_parallel_threads = ${number}`,
  },
  startAt: position => `SET GLOBAL gtid_slave_pos = ${escapeText(position)}`,
  awaitGtids: (gtids, seconds) => `SELECT MASTER_GTID_WAIT(${escapeText(gtids)}, ${seconds}) AS reached`,
} satisfies Omit<Flavour, 'version'>

/** Options with which the server is closed to writes, alone and patient from its first instant, whatever its files say. */
export const CLOSED_START: Readonly<Record<FlavourName, readonly string[]>> = {
  mysql: [
    '--read-only=ON',
    '--super-read-only=ON',
    '--skip-replica-start=ON',
    '--relay-log-recovery=OFF', // it throws away what was received and not applied
    ...['source', 'replica', 'master', 'slave'].map(side => `--loose-rpl-semi-sync-${side}-enabled=OFF`),
  ],
  mariadb: [
    '--read-only=ON',
    '--skip-slave-start=ON',
    '--event-scheduler=OFF', // read_only does not hold events of accounts with READ ONLY ADMIN
    '--master-retry-count=4294967295', // CHANGE has no such option before 12.0
    '--loose-init-rpl-role=MASTER', // the other role throws away acknowledged transactions after a crash
    ...['master', 'slave'].map(side => `--rpl-semi-sync-${side}-enabled=OFF`),
  ],
}

/** What MySQL's SET PERSIST must not have set, since that outranks the command line: it would undo the above. */
export const UNDOING_PERSISTED: Readonly<Record<string, 'ON' | 'OFF'>> = {
  read_only: 'OFF',
  super_read_only: 'OFF',
  skip_replica_start: 'OFF',
  skip_slave_start: 'OFF',
  relay_log_recovery: 'ON',
}

/** Ask the server what it is. MariaDB alone reads comments that begin with M, so no version has to be understood. */
export async function detectFlavour(connection: Connection, deadline: Deadline): Promise<Flavour> {
  const [row] = await connection.query('SELECT VERSION() AS version /*M! , 1 AS is_mariadb */', deadline)
  const version = row?.['version']
  if (version == null) throw new Failure('unintelligible', 'mysqld does not say its version')
  return { ...(row?.['is_mariadb'] === '1' ? MARIADB : MYSQL), version }
}

const TODAY: Readonly<Record<string, string>> = {
  Master: 'Source',
  Slave: 'Replica',
  master: 'source',
  slave: 'replica',
}
const FORMER: Readonly<Record<string, string>> = { source: 'master', replica: 'slave' }

/** The name that MySQL gives today to a column or variable of MariaDB or of one of MySQL's older plugins. */
export function todaysName(name: string): string {
  return name.replace(/master|slave/gi, word => TODAY[word] ?? word)
}

/** The name that MariaDB and MySQL's older plugins give to one of today's variables. */
export function formerName(name: string): string {
  return name.replace(/source|replica/g, word => FORMER[word] ?? word)
}

function assign(prefix: string, options: SourceOptions): string {
  return Object.entries(options)
    .map(([name, value]) => `${prefix}${name} = ${value}`)
    .join(', ')
}

/**
 * What the account that replicas log in with may do, and one that acts for this program in place of root: privileges and
 * where they count.
 */
export const GRANTS: Readonly<
  Record<FlavourName, { readonly replication: readonly string[]; readonly local: readonly string[] }>
> = {
  mysql: {
    replication: ['REPLICATION SLAVE, BACKUP_ADMIN ON *.*'],
    local: [
      'REPLICATION CLIENT, REPLICATION SLAVE, PROCESS, RELOAD ON *.*',
      'REPLICATION_SLAVE_ADMIN, SYSTEM_VARIABLES_ADMIN, CONNECTION_ADMIN, SYSTEM_USER ON *.*', // the last to end root's sessions
      'SELECT ON performance_schema.*',
      'INSERT ON mysql.plugin',
    ],
  },
  mariadb: {
    replication: ['REPLICATION SLAVE ON *.*'],
    local: [
      'REPLICA MONITOR, BINLOG MONITOR, PROCESS, RELOAD, LOCK TABLES, SUPER ON *.*', // the last for event_scheduler
      'REPLICATION SLAVE ADMIN, REPLICATION MASTER ADMIN, READ_ONLY ADMIN, CONNECTION ADMIN ON *.*',
    ],
  },
}
