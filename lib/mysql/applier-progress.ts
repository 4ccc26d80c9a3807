import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import type { Connection } from './connection.ts'
import type { Flavour } from './flavour.ts'
import { contains, type GtidSet } from './gtid-set.ts'
import { formatGtidSet } from './gtid-text.ts'
import { furthestPosition } from './mariadb-start.ts'
import { readExecuted } from './read-server.ts'
import { readReplicaStatus, toReplication } from './replica-status.ts'
import type { Replication } from './server-facts.ts'

/** The server waits that long at a time; in between it is asked whether the applier still works. */
const SLICE_MS = 200
/** Waits end that long before their deadline, so that the last answer comes in time. */
export const ANSWER_MS = 500

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

/** What the replica says of the default channel; undefined where nothing is followed. */
export async function readReplication(
  connection: Connection,
  flavour: Flavour,
  deadline: Deadline,
): Promise<Replication | undefined> {
  const status = await readReplicaStatus(connection, flavour, deadline)
  return status && toReplication(flavour.name, status)
}

/** The same while the applier runs. Throws Failure `rejected`, with the applier's error, when it has stopped. */
export async function expectApplier(
  connection: Connection,
  flavour: Flavour,
  deadline: Deadline,
): Promise<Replication> {
  const replication = await readReplication(connection, flavour, deadline)
  if (replication?.applierRunning) return replication
  throw new Failure('rejected', `the applier has stopped: ${replication?.applierError ?? 'nobody started it'}`)
}

/** In MariaDB's wait each domain may appear once; the transactions of a domain come in the order of their numbers. */
function waitable(flavour: Flavour, target: GtidSet): string {
  const text = formatGtidSet(flavour.name, target)
  return flavour.name === 'mariadb' ? furthestPosition(text, '') : text
}
