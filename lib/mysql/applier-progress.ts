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
import type { Coordinates, Replication } from './server-facts.ts'
import { listSessions } from './sessions.ts'

/** The server waits that long at a time; in between it is asked whether the applier still works. */
const SLICE_MS = 200

/**
 * Wait until the server has executed these transactions, or everything up to this place in its source's binary log.
 * False when the deadline passes first. Throws Failure `rejected`, with the applier's error, when the applier has stopped.
 */
export async function awaitExecuted(
  connection: Connection,
  flavour: Flavour,
  target: GtidSet | Coordinates,
  deadline: Deadline,
): Promise<boolean> {
  const byGtid = !('file' in target)
  if (byGtid && contains(await readExecuted(connection, flavour, deadline), target)) return true
  // The server would take a time of zero for no limit (MySQL), and the answer needs a little time of its own.
  for (let slice = SLICE_MS; slice >= 1; slice = Math.min(SLICE_MS, deadline.remainingMs / 2)) {
    const question = byGtid ? gtidQuestion(flavour, target, slice) : coordinatesQuestion(flavour, target, slice)
    const [row] = await connection.query(question, deadline)
    const reached = row?.['reached']
    if (reached != null && (byGtid ? reached === '0' : Number(reached) >= 0)) return true
    await expectApplier(connection, flavour, deadline)
  }
  return false
}

/**
 * Wait until everything that was received is executed; starts the applier where it has stopped.
 * Half a transaction at the end of the relay log does not count: its other half will never come.
 * Throws Failure `timed-out` at the deadline, and what awaitExecuted() throws.
 */
export async function drainRelayLog(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<void> {
  const replication = await readReplication(connection, flavour, deadline)
  if (replication === undefined) return
  await startApplier(connection, flavour, deadline)
  const drained = replication.byGtid
    ? await awaitExecuted(connection, flavour, replication.received, deadline)
    : await awaitIdleApplier(connection, flavour, deadline)
  if (!drained) throw new Failure('timed-out', 'the applier has not executed in time all that the replica received')
}

/** Without GTIDs: until the applier is where the receiver stopped, or twice in a row waits for more than the relay log has. */
async function awaitIdleApplier(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<boolean> {
  let wasIdle = false
  const done = await deadline.poll(50, async () => {
    const { receiver, readTo, appliedTo } = await expectApplier(connection, flavour, deadline)
    if (readTo.file === appliedTo.file && readTo.position === appliedTo.position) return true
    const isIdle = receiver === 'stopped' && (await isApplierIdle(connection, deadline))
    if (isIdle && wasIdle) return true
    wasIdle = isIdle
    return undefined
  })
  return done ?? false
}

/** What the applier's coordinator and workers say while they have nothing to do (mysqld.cc, rpl_rli_pdb.cc, rpl_parallel.cc). */
const IDLE = /has read all relay log|Waiting for an event from Coordinator|Waiting for work from SQL thread/

async function isApplierIdle(connection: Connection, deadline: Deadline): Promise<boolean> {
  const threads = (await listSessions(connection, deadline)).filter(({ user }) => user === 'system user')
  return threads.every(({ state }) => IDLE.test(state))
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

function gtidQuestion(flavour: Flavour, target: GtidSet, sliceMs: number): string {
  const text = formatGtidSet(flavour.name, target)
  // In MariaDB's wait each domain may appear once; its transactions come in the order of their numbers.
  return flavour.awaitGtids(flavour.name === 'mariadb' ? furthestPosition(text, '') : text, sliceMs / 1000)
}

function coordinatesQuestion(flavour: Flavour, { file, position }: Coordinates, sliceMs: number): string {
  return flavour.awaitCoordinates(file, position, sliceMs / 1000)
}
