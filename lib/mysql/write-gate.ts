import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import type { Connection } from './connection.ts'
import { stopEvents } from './event-scheduler.ts'
import type { Flavour } from './flavour.ts'
import { killSession, listClients, type ServerSession, waitsForAck } from './sessions.ts'

/** How long statements that run may take to end before their sessions are killed; the server counts whole seconds. */
const PATIENCE_SECONDS = 1
const LOCK_WAIT_TIMEOUT = 1205
/** How long a killed session may take to be gone. A commit under way needs milliseconds. */
const GONE_MS = 2000
/** What the last question may take. */
const ANSWER_MS = 500

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
  await stopEvents(connection, flavour, deadline)
  await connection.query(`SET SESSION lock_wait_timeout = ${PATIENCE_SECONDS}`, deadline)
  while (!(await tryToClose(connection, flavour, deadline))) {
    if (deadline.remainingMs < 2 * PATIENCE_SECONDS * 1000) throw await heldUp(connection, deadline)
    await killClients(connection, deadline)
  }
}

/**
 * End every other session of a client, so that it reconnects where writes go now; root's too, whom MariaDB's gate does not
 * hold, and events under way. Over when they are gone, so that none of them commits any more; one that rolls back a long
 * transaction is not waited for beyond a bound.
 * A commit that waits for an acknowledgement is left to get it: on MariaDB a KILL commits it without one, on MySQL it does
 * nothing. Throws Failure `timed-out` when it does not come.
 */
export async function cutClients(connection: Connection, deadline: Deadline): Promise<void> {
  const first = new Set((await killClients(connection, deadline)).map(({ id }) => id))
  const bound = deadline.within(GONE_MS)
  const over = await deadline.reserving(ANSWER_MS).poll(10, async () => {
    const left = (await killClients(connection, deadline)).filter(({ id }) => first.has(id))
    return left.length === 0 || (bound.expired && !left.some(waitsForAck)) || undefined
  })
  if (!over) throw await heldUp(connection, deadline)
}

/** Answers the sessions that there were. */
async function killClients(connection: Connection, deadline: Deadline): Promise<ServerSession[]> {
  const clients = await listClients(connection, deadline)
  for (const client of clients) {
    if (!waitsForAck(client) && client.command !== 'Killed') await killSession(connection, client.id, deadline)
  }
  return clients
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

async function heldUp(connection: Connection, deadline: Deadline): Promise<Failure> {
  const clients = await listClients(connection, deadline)
  const waiting = clients.filter(waitsForAck).length
  const because =
    waiting > 0 ? `${waiting} commits wait for a replica's acknowledgement` : `${clients.length} sessions hold it up`
  return new Failure('timed-out', `mysqld cannot be closed to writes: ${because}`)
}
