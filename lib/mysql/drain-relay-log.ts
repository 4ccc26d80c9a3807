import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import { ANSWER_MS, awaitExecuted, expectApplier, readReplication } from './applier-progress.ts'
import type { Connection } from './connection.ts'
import type { Flavour, RelayLogWords } from './flavour.ts'
import { readExecuted } from './read-server.ts'
import { findRelayLog, firstUnexecuted } from './relay-log.ts'
import type { Coordinates } from './server-facts.ts'
import { listSessions } from './sessions.ts'

/**
 * Wait until everything that was received is executed, while the receiver is stopped; starts the applier where it has stopped.
 * Half a transaction at the end of the relay log does not count: its other half will never come.
 *
 * A MariaDB replica by GTID deletes its relay log when a thread starts while both are stopped, as they are after a restart of the
 * server, which does not know any more what it received either. Then the applier is started in another way, for which the
 * server has to be on this machine; it ends stopped, and follow() has to be told the source anew.
 *
 * Throws Failure `timed-out` at the deadline, and what awaitExecuted() and findRelayLog() throw.
 */
export async function drainRelayLog(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<void> {
  const replication = await readReplication(connection, flavour, deadline)
  if (replication === undefined) return
  const { byGtid, received, receiver, applierRunning } = replication
  if (flavour.relayLog && byGtid && receiver === 'stopped' && !applierRunning) {
    return drainFromFiles(connection, flavour, flavour.relayLog, deadline)
  }

  if (!applierRunning) await connection.query(`START REPLICA SQL_THREAD${flavour.channel}`, deadline)
  const isDrained =
    (await awaitExecuted(connection, flavour, received, deadline)) &&
    (byGtid || (await awaitIdleApplier(connection, flavour, deadline)))
  if (!isDrained) throw notInTime()
}

/**
 * The server's own note of where the applier stands is as old as its last orderly stop, so the relay log itself is read.
 * Read by position, MariaDB's parallel applier crashes the server (10.11.19, 11.8.6): it takes turns meanwhile.
 */
async function drainFromFiles(
  connection: Connection,
  flavour: Flavour,
  words: RelayLogWords,
  deadline: Deadline,
): Promise<void> {
  const { logs, threads, nameOf } = await findRelayLog(connection, flavour, words, deadline)
  const place = firstUnexecuted(logs, await readExecuted(connection, flavour, deadline))
  if (place === undefined) return
  await connection.query(words.parallelThreads('0'), deadline)
  try {
    const start: Coordinates = { ...place, file: nameOf(place.file) }
    await connection.query(words.readFrom(start), deadline)
    await connection.query('START REPLICA SQL_THREAD', deadline)
    if (!(await awaitIdleApplier(connection, flavour, deadline))) throw notInTime()
  } finally {
    if (!connection.closed) {
      await connection.query('STOP REPLICA SQL_THREAD', deadline)
      await connection.query(words.parallelThreads(threads), deadline)
    }
  }
}

const notInTime = () => new Failure('timed-out', 'the applier has not executed in time all that the replica received')

/** MySQL's parallel applier publishes where it stands every 300 ms (replica_checkpoint_period). */
const IDLE_PAUSE_MS = 150
const IDLE_LOOKS = 4

/**
 * Where GTIDs do not tell: until the applier has waited for a while for more than the relay log has. Where the receiver and
 * the applier stand does not tell it either: after a crash the receiver's place is an old one, and behind half a transaction
 * the applier never comes to it.
 */
async function awaitIdleApplier(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<boolean> {
  let looks = 0
  const done = await deadline.reserving(ANSWER_MS).poll(IDLE_PAUSE_MS, async () => {
    await expectApplier(connection, flavour, deadline)
    looks = (await isApplierIdle(connection, deadline)) ? looks + 1 : 0
    return looks === IDLE_LOOKS || undefined
  })
  return done ?? false
}

/** What the applier's coordinator and workers say while they have nothing to do (mysqld.cc, rpl_rli_pdb.cc, rpl_parallel.cc). */
const COORDINATOR_IDLE = /has read all relay log/
const WORKER_IDLE = /Waiting for an event from Coordinator|Waiting for work from SQL thread/

async function isApplierIdle(connection: Connection, deadline: Deadline): Promise<boolean> {
  const threads = (await listSessions(connection, deadline)).filter(({ user }) => user === 'system user')
  const [coordinator, ...busy] = threads.filter(({ state }) => !WORKER_IDLE.test(state))
  return coordinator !== undefined && COORDINATOR_IDLE.test(coordinator.state) && busy.length === 0
}
