import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import type { Connection, Row } from './connection.ts'
import type { Flavour } from './flavour.ts'
import { type GtidSet, union } from './gtid-set.ts'
import { parseGtidSet } from './gtid-text.ts'
import { LAG } from './lag-query.ts'
import { furthestPosition } from './mariadb-start.ts'
import { parseOwned } from './mysql-gtid-set.ts'
import { readReplicaStatus, toReplication } from './replica-status.ts'
import type { Coordinates, SemiSync, ServerFacts } from './server-facts.ts'
import { readStatus, type Status } from './server-status.ts'

/**
 * Read everything that decisions about one server need. A few small queries, about a millisecond together; none of them
 * waits behind commits that wait for an acknowledgement.
 */
export async function readServer(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<ServerFacts> {
  const facts = await readFacts(connection, flavour, deadline, LAG[flavour.name])
  const replica = await readReplicaStatus(connection, flavour, deadline)
  const status = await readStatus(connection, flavour, deadline)
  return {
    flavour: flavour.name,
    version: flavour.version,
    ...identity(facts),
    port: Number(facts['port']),
    binaryLog: await readBinaryLog(connection, flavour, status, deadline),
    executed: executedSet(flavour, facts),
    gtidPosition: startPosition(flavour, facts),
    replication: replica && toReplication(flavour.name, replica, facts['behind']),
    relayLogSynced: flavour.relayLogSurvives && facts['sync_relay_log'] === '1',
    commitsSynced: facts['sync_binlog'] === '1' && FLUSHED.includes(facts['flush_log'] ?? ''),
    semiSync: await readSemiSync(connection, flavour, status, deadline),
  }
}

/** innodb_flush_log_at_trx_commit: at each commit; on MariaDB also at each prepare and commit. */
const FLUSHED = ['1', '3']

/** Every transaction that the server has executed. Needs no privilege. */
export async function readExecuted(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<GtidSet> {
  return executedSet(flavour, await readFacts(connection, flavour, deadline))
}

/** Which server this is, and whether ordinary accounts may write. Needs no privilege. */
export async function readIdentity(
  connection: Connection,
  flavour: Flavour,
  deadline: Deadline,
): Promise<Pick<ServerFacts, 'serverId' | 'serverUuid' | 'writable' | 'gtid'>> {
  return identity(await readFacts(connection, flavour, deadline))
}

/**
 * Every transaction that the server has executed or is committing: one whose commit waits for an acknowledgement is in its
 * binary log, and on replicas, before MySQL counts it as executed. Needs no privilege.
 */
export async function readWritten(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<GtidSet> {
  if (flavour.name === 'mariadb') return readExecuted(connection, flavour, deadline) // its binary log's own state
  const [row] = await connection.query('SELECT @@GLOBAL.gtid_owned AS owned', deadline) // first: what leaves it is executed
  return union(parseOwned(row?.['owned'] ?? ''), await readExecuted(connection, flavour, deadline))
}

/** Where this server would go on by GTID as a replica, in its own words. */
export async function readGtidPosition(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<string> {
  return startPosition(flavour, await readFacts(connection, flavour, deadline))
}

async function readFacts(connection: Connection, flavour: Flavour, deadline: Deadline, more?: string): Promise<Row> {
  const query = more === undefined ? flavour.facts : `${flavour.facts}, ${more}`
  const [row] = await connection.query(query, deadline)
  if (row === undefined) throw new Failure('unintelligible', 'mysqld does not show its variables')
  return row
}

function identity(facts: Row): Pick<ServerFacts, 'serverId' | 'serverUuid' | 'writable' | 'gtid'> {
  return {
    serverId: Number(facts['server_id']),
    serverUuid: facts['server_uuid'] ?? undefined,
    writable: isOff(facts['write_lock']),
    gtid: facts['gtid_mode'] === 'ON',
  }
}

/** MariaDB keeps what it applied apart from what it logged: a replica that logs nothing of what it applies has only the former. */
function executedSet({ name }: Flavour, { executed, applied }: Row): GtidSet {
  return union(parseGtidSet(name, executed ?? ''), parseGtidSet(name, applied ?? ''))
}

function startPosition({ name }: Flavour, { executed, applied, logged }: Row): string {
  if (name === 'mysql') return (executed ?? '').replaceAll('\n', '')
  return furthestPosition(applied ?? '', logged ?? '')
}

async function readBinaryLog(
  connection: Connection,
  flavour: Flavour,
  { values }: Status,
  deadline: Deadline,
): Promise<Coordinates | undefined> {
  const file = values.get('binlog_snapshot_file')
  if (file) return { file, position: Number(values.get('binlog_snapshot_position')) }
  const [row] = await firstKnown(connection, flavour.binaryLogStatus, deadline)
  return row?.['File'] ? { file: row['File'], position: Number(row['Position']) } : undefined
}

/** The answer to the first of these statements that the server's grammar has; no rows when it has none of them. */
async function firstKnown(connection: Connection, statements: readonly string[], deadline: Deadline): Promise<Row[]> {
  const [statement, ...others] = statements
  if (statement === undefined) return []
  try {
    return await connection.query(statement, deadline)
  } catch (error) {
    if (!(error instanceof Failure && error.code === SYNTAX_ERROR)) throw error
    return firstKnown(connection, others, deadline)
  }
}

const SYNTAX_ERROR = 1064

async function readSemiSync(
  connection: Connection,
  { name }: Flavour,
  { values, variable }: Status,
  deadline: Deadline,
): Promise<SemiSync | undefined> {
  const isSourceLoaded = values.has('rpl_semi_sync_source_status')
  const isReplicaLoaded = values.has('rpl_semi_sync_replica_status')
  if (!isSourceLoaded && !isReplicaLoaded) return undefined
  const counts = name === 'mysql' ? `@@${variable('rpl_semi_sync_source_wait_for_replica_count')}` : '1'
  const enabled = isReplicaLoaded ? `@@${variable('rpl_semi_sync_replica_enabled')}` : '0'
  const [row] = await connection.query(
    `SELECT ${enabled} AS enabled, ${isSourceLoaded ? counts : '0'} AS acks`,
    deadline,
  )
  return {
    sourceEnabled: values.get('rpl_semi_sync_source_status') === 'ON',
    replicaEnabled: row?.['enabled'] === '1',
    acks: Number(row?.['acks']),
    ackers: Number(values.get('rpl_semi_sync_source_clients') ?? 0),
    waitingSessions: Number(values.get('rpl_semi_sync_source_wait_sessions') ?? 0),
    acknowledged: Number(values.get('rpl_semi_sync_source_yes_tx') ?? 0),
  }
}

/** MySQL says 0; MariaDB says 0, or OFF since 12.0. */
function isOff(value: string | null | undefined): boolean {
  return value === '0' || value === 'OFF'
}
