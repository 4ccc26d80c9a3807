import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import type { Connection } from './connection.ts'
import type { Flavour } from './flavour.ts'
import { readStatus, type Status } from './server-status.ts'

/** The longest time that both flavours take, in milliseconds: 49 days. A commit never gives up waiting by itself. */
const FOR_EVER = 4_294_967_295

/** How long MariaDB's receiver tries to sign off at a source that does not answer, when it is stopped; 0 would be much longer. */
const FAREWELL_SECONDS = 1

const PLUGINS = {
  rpl_semi_sync_source: 'semisync_source.so',
  rpl_semi_sync_replica: 'semisync_replica.so',
} as const

/**
 * Make commits wait until that many replicas have them, before any other session sees them, even while no replica is
 * connected. Loads MySQL's plugins where they are missing.
 * Throws Failure `misconfigured` for more than one acknowledgement on MariaDB, which counts no further.
 */
export async function armSource(
  connection: Connection,
  flavour: Flavour,
  acks: number,
  deadline: Deadline,
): Promise<void> {
  if (flavour.name === 'mariadb' && acks !== 1) {
    throw new Failure('misconfigured', `acks is ${acks}, and MariaDB waits for exactly one replica: set it to 1`)
  }
  const { variable } = await loaded('source', connection, flavour, deadline)
  await set(connection, deadline, [
    [variable('rpl_semi_sync_source_wait_point'), "'AFTER_SYNC'"],
    [variable('rpl_semi_sync_source_timeout'), FOR_EVER],
    [variable('rpl_semi_sync_source_wait_no_replica'), 'ON'],
    ...(flavour.name === 'mysql' ? [[variable('rpl_semi_sync_source_wait_for_replica_count'), acks] as const] : []),
    [variable('rpl_semi_sync_source_enabled'), 'ON'],
  ])
}

/** Acknowledge what is received. Takes effect when the receiver starts the next time, not before. */
export async function armReplica(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<void> {
  const { variable } = await loaded('replica', connection, flavour, deadline)
  const farewell = variable('rpl_semi_sync_replica_kill_conn_timeout')
  await set(connection, deadline, [
    ...(flavour.name === 'mariadb' ? [[farewell, FAREWELL_SECONDS] as const] : []),
    [variable('rpl_semi_sync_replica_enabled'), 'ON'],
  ])
}

/** Stop waiting for acknowledgements. Releases the commits that wait: their clients get their OK. */
export async function disarmSource(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<void> {
  const { values, variable } = await readStatus(connection, flavour, deadline)
  if (!values.has('rpl_semi_sync_source_status')) return
  await set(connection, deadline, [[variable('rpl_semi_sync_source_enabled'), 'OFF']])
}

/** Stop acknowledging, from the next start of the receiver on. */
export async function disarmReplica(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<void> {
  const { values, variable } = await readStatus(connection, flavour, deadline)
  if (!values.has('rpl_semi_sync_replica_status')) return
  await set(connection, deadline, [[variable('rpl_semi_sync_replica_enabled'), 'OFF']])
}

/**
 * A statement that every server logs as a transaction and that changes nothing but the hourly limits of accounts. No DDL:
 * MariaDB finishes that in crash recovery and logs it anew, as a transaction of its own.
 */
export const RENEWAL = 'FLUSH USER_RESOURCES'

/**
 * Commit a transaction without content, for replicas to acknowledge. A replica that received a transaction before it began to
 * acknowledge, or whose acknowledgement was lost, never acknowledges that one by itself, however often it reconnects by GTID;
 * the acknowledgement of a later one counts for all before it. Waits for it like any other commit.
 */
export async function renewAcks(connection: Connection, deadline: Deadline): Promise<void> {
  await connection.query(RENEWAL, deadline)
}

/** One statement, so that nothing is in force without the rest. */
async function set(
  connection: Connection,
  deadline: Deadline,
  variables: readonly (readonly [name: string, value: string | number])[],
): Promise<void> {
  const assignments = variables.map(([name, value]) => `GLOBAL ${name} = ${value}`)
  await connection.query(`SET ${assignments.join(', ')}`, deadline)
}

/** What is loaded, once this side is. MariaDB has both sides built in. */
async function loaded(
  side: 'source' | 'replica',
  connection: Connection,
  flavour: Flavour,
  deadline: Deadline,
): Promise<Status> {
  const status = await readStatus(connection, flavour, deadline)
  if (status.values.has(`rpl_semi_sync_${side}_status`)) return status
  await install(`rpl_semi_sync_${side}`, connection, deadline)
  return readStatus(connection, flavour, deadline)
}

/** The list of plugins is a table, which super_read_only protects even from INSTALL. Ordinary accounts stay locked out. */
async function install(plugin: keyof typeof PLUGINS, connection: Connection, deadline: Deadline): Promise<void> {
  const [row] = await connection.query('SELECT @@super_read_only AS locked', deadline)
  const isLocked = row?.['locked'] === '1'
  if (isLocked) await connection.query('SET GLOBAL super_read_only = OFF', deadline)
  try {
    await connection.query(`INSTALL PLUGIN ${plugin} SONAME '${PLUGINS[plugin]}'`, deadline)
  } finally {
    if (isLocked) await connection.query('SET GLOBAL super_read_only = ON', deadline)
  }
}
