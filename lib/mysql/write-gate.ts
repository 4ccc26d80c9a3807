import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import type { Connection } from './connection.ts'
import type { Flavour } from './flavour.ts'
import { killSession, listClients, waitsForAck } from './sessions.ts'

/** How long statements that run may take to end before their sessions are killed; the server counts whole seconds. */
const PATIENCE_SECONDS = 1
const LOCK_WAIT_TIMEOUT = 1205

/** Let every account write. The caller has seen to all that must hold before: this is the last step of a promote. */
export async function openWrites(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<void> {
  for (const statement of flavour.openWrites) await connection.query(statement, deadline)
}

/**
 * Let no account write (on MariaDB none without READ ONLY ADMIN). The server waits for statements that write and commits
 * that are under way: short rounds, each followed by killing the sessions of clients that may hold it up. No FLUSH TABLES
 * WITH READ LOCK: it waits for readers too.
 * A commit that waits for an acknowledgement holds it up until a replica gives it.
 * Throws Failure `timed-out`, saying what holds it up; the server takes writes then as before.
 */
export async function closeWrites(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<void> {
  if (flavour.name === 'mariadb') await stopEvents(connection, deadline)
  await connection.query(`SET SESSION lock_wait_timeout = ${PATIENCE_SECONDS}`, deadline)
  while (!(await tryToClose(connection, flavour, deadline))) {
    if (deadline.remainingMs < 2 * PATIENCE_SECONDS * 1000) throw await heldUp(connection, deadline)
    await cutClients(connection, deadline)
  }
}

/**
 * End every other session of a client, so that it reconnects where writes go now; root's too, whom MariaDB's gate does not
 * hold. Spares commits that wait for an acknowledgement: on MariaDB a KILL commits them without one, on MySQL it does nothing.
 */
export async function cutClients(connection: Connection, deadline: Deadline): Promise<void> {
  const clients = await listClients(connection, deadline)
  for (const client of clients) {
    if (!waitsForAck(client) && client.command !== 'Killed') await killSession(connection, client.id, deadline)
  }
}

async function tryToClose(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<boolean> {
  try {
    for (const statement of flavour.closeWrites) await connection.query(statement, deadline)
    return true
  } catch (error) {
    if (error instanceof Failure && error.code === LOCK_WAIT_TIMEOUT) return false
    throw error
  }
}

/** Events run under the account that made them, which read_only does not hold where it has READ ONLY ADMIN. */
async function stopEvents(connection: Connection, deadline: Deadline): Promise<void> {
  const [row] = await connection.query('SELECT @@event_scheduler AS scheduler', deadline)
  if (row?.['scheduler'] === 'ON') await connection.query('SET GLOBAL event_scheduler = OFF', deadline)
}

async function heldUp(connection: Connection, deadline: Deadline): Promise<Failure> {
  const clients = await listClients(connection, deadline)
  const waiting = clients.filter(waitsForAck).length
  const because =
    waiting > 0 ? `${waiting} commits wait for a replica's acknowledgement` : `${clients.length} sessions hold it up`
  return new Failure('timed-out', `mysqld cannot be closed to writes: ${because}`)
}
