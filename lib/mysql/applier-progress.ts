import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import type { Connection } from './connection.ts'
import type { Flavour } from './flavour.ts'
import { contains, type GtidSet } from './gtid-set.ts'
import { formatGtidSet } from './gtid-text.ts'
import { furthestPosition } from './mariadb-start.ts'
import { readExecuted } from './read-server.ts'
import { readReplicaStatus, toReplication } from './replica-status.ts'
import { startApplier } from './replication.ts'
import type { Replication } from './server-facts.ts'
import { listSessions } from './sessions.ts'

/** The server waits that long at a time; in between it is asked whether the applier still works. */
const SLICE_MS = 200
/** Waits end that long before their deadline, so that the last answer comes in time. */
const ANSWER_MS = 500

/**
 * Wait until the server has executed these transactions. False when the deadline comes too near first.
 * Throws Failure `rejected`, with the applier's error, when the applier has stopped.
 */
export async function awaitExecuted(
  connection: Connection,
  flavour: Flavour,
  target: GtidSet,
  deadline: Deadline,
): Promise<boolean> {
  const question = flavour.awaitGtids(waitable(flavour, target), SLICE_MS / 1000)
  const end = deadline.reserving(ANSWER_MS + SLICE_MS)
  for (;;) {
    if (contains(await readExecuted(connection, flavour, deadline), target)) return true
    if (end.expired) return false
    const [row] = await connection.query(question, deadline)
    if (row?.['reached'] === '0') return true
    await expectApplier(connection, flavour, deadline)
  }
}

/**
 * Wait until everything that was received is executed, while the receiver is stopped; starts the applier where it has stopped.
 * After a restart too, when MariaDB no longer knows what it received: the relay log is there until a thread starts in the
 * usual way.
 * Half a transaction at the end of the relay log does not count: its other half will never come.
 * Throws Failure `timed-out` at the deadline, and what awaitExecuted() throws.
 */
export async function drainRelayLog(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<void> {
  const replication = await readReplication(connection, flavour, deadline)
  if (replication === undefined) return
  await startApplier(connection, flavour, deadline)
  const { byGtid } = await expectApplier(connection, flavour, deadline)
  const drained =
    (await awaitExecuted(connection, flavour, replication.received, deadline)) &&
    (byGtid || (await awaitIdleApplier(connection, flavour, deadline)))
  if (!drained) throw new Failure('timed-out', 'the applier has not executed in time all that the replica received')
}

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

async function readReplication(
  connection: Connection,
  flavour: Flavour,
  deadline: Deadline,
): Promise<Replication | undefined> {
  const status = await readReplicaStatus(connection, flavour, deadline)
  return status && toReplication(flavour.name, status)
}

async function expectApplier(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<Replication> {
  const replication = await readReplication(connection, flavour, deadline)
  if (replication?.applierRunning) return replication
  throw new Failure('rejected', `the applier has stopped: ${replication?.applierError ?? 'nobody started it'}`)
}

/** In MariaDB's wait each domain may appear once; the transactions of a domain come in the order of their numbers. */
function waitable(flavour: Flavour, target: GtidSet): string {
  const text = formatGtidSet(flavour.name, target)
  return flavour.name === 'mariadb' ? furthestPosition(text, '') : text
}
