import type { Deadline } from '../system/deadline.ts'
import type { Connection } from './connection.ts'

/** A table for heartbeats, as the parameter names it: checked to be plain names. */
export interface HeartbeatTable {
  readonly database: string
  readonly table: string
}

const quoted = ({ database, table }: HeartbeatTable): string => `\`${database}\`.\`${table}\``

/**
 * A row that somebody else holds is not waited for; the next heartbeat comes soon. By a clock that is never set back: MySQL
 * would store the hour that comes twice in autumn as the first one both times.
 */
const SETTINGS = "SET SESSION lock_wait_timeout = 1, SESSION innodb_lock_wait_timeout = 1, SESSION time_zone = '+00:00'"

/**
 * Write down in this server's own row that it lives, by its own clock. Only while it takes writes, and its gate is asked by
 * the statement itself: the server lets no statement pass it half-way, and a row that is written behind a closed gate would be
 * this server's alone. The commit waits like any other. Throws Failure as query() does.
 */
export async function writeHeartbeat(connection: Connection, table: HeartbeatTable, deadline: Deadline): Promise<void> {
  await connection.query(SETTINGS, deadline)
  await connection.query(
    `INSERT INTO ${quoted(table)} (server_id, at) ` +
      `SELECT @@server_id, CURRENT_TIMESTAMP(6) FROM DUAL WHERE CAST(@@GLOBAL.read_only AS CHAR) IN ('0', 'OFF') ` +
      'ON DUPLICATE KEY UPDATE at = CURRENT_TIMESTAMP(6)',
    deadline,
  )
}

/** Clocks that are kept together by NTP are not so far apart. */
const AHEAD_SECONDS = 10

/**
 * Seconds since the last heartbeat of another server that has arrived here: all that was committed before it can be read
 * here. Compares two clocks, and believes none that is far ahead: what it once wrote would hide every lag until that time has
 * come. Undefined where there is none. Throws Failure as query() does.
 */
export async function readHeartbeatAge(
  connection: Connection,
  table: HeartbeatTable,
  deadline: Deadline,
): Promise<number | undefined> {
  const [row] = await connection.query(
    `SELECT UNIX_TIMESTAMP() - MAX(UNIX_TIMESTAMP(at)) AS age FROM ${quoted(table)} ` +
      `WHERE server_id <> @@server_id AND UNIX_TIMESTAMP(at) < UNIX_TIMESTAMP() + ${AHEAD_SECONDS}`,
    deadline,
  )
  return row?.['age'] == null ? undefined : Math.max(0, Number(row['age']))
}
