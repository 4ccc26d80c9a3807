import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import type { Connection } from './connection.ts'
import type { Flavour } from './flavour.ts'

/**
 * Run a statement that has a password in it. MySQL leaves that out of its logs of statements; MariaDB does not, so there the
 * statement stays out of them: out of the general log only where the account has SUPER, as root has.
 */
export async function runUnlogged(
  connection: Connection,
  flavour: Flavour,
  statement: string,
  deadline: Deadline,
): Promise<void> {
  const logs = flavour.name === 'mariadb' ? await leaveLogs(connection, deadline) : []
  try {
    await connection.query(statement, deadline)
  } finally {
    for (const log of connection.closed ? [] : logs) await connection.query(`SET SESSION ${log} = DEFAULT`, deadline)
  }
}

/** Answers the variables by which this session has left them. */
async function leaveLogs(connection: Connection, deadline: Deadline): Promise<readonly string[]> {
  await connection.query('SET SESSION slow_query_log = OFF', deadline)
  try {
    await connection.query('SET SESSION sql_log_off = ON', deadline)
  } catch (error) {
    if (!(error instanceof Failure && error.kind === 'denied')) throw error
    return ['slow_query_log']
  }
  return ['slow_query_log', 'sql_log_off']
}
