import type { Deadline } from '../system/deadline.ts'
import { expectApplier } from './applier-progress.ts'
import type { Connection, Row } from './connection.ts'
import type { Flavour } from './flavour.ts'
import { killSession } from './sessions.ts'

/** Stop receiving; what was received stays, and goes on being applied. May take seconds where the source hangs. */
export async function stopReceiver(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<void> {
  await connection.query(`STOP REPLICA IO_THREAD${flavour.channel}`, deadline)
}

/**
 * Stop the receiver and start it again, so that it takes up what was set since, such as to acknowledge. What was received
 * stays: MariaDB deletes it when a thread starts while none runs, so the applier has to run all the while.
 * Throws Failure `rejected` when the applier does not run; the receiver is stopped then if it was during this call that the
 * applier stopped.
 */
export async function restartReceiver(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<void> {
  await expectApplier(connection, flavour, deadline)
  await stopReceiver(connection, flavour, deadline)
  await expectApplier(connection, flavour, deadline) // its last moment to have failed
  await connection.query(`START REPLICA IO_THREAD${flavour.channel}`, deadline)
}

/** Start both threads. On MariaDB this deletes the relay log unless one of them runs: only after a drain. */
export async function startReplication(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<void> {
  await connection.query(`START REPLICA${flavour.channel}`, deadline)
}

/**
 * Stop both threads. The relay log is lost on MariaDB when one of them starts again, and on both flavours with the next
 * CHANGE: only after a drain, or when a live server is known to hold what is in it.
 */
export async function stopReplication(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<void> {
  await stopReceiver(connection, flavour, deadline)
  await releaseApplier(connection, flavour, deadline)
  await connection.query(`STOP REPLICA SQL_THREAD${flavour.channel}`, deadline)
}

/** Stop replication and delete its configuration and its relay log: only after a drain. */
export async function forgetSource(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<void> {
  await stopReplication(connection, flavour, deadline)
  await connection.query(`RESET REPLICA ALL${flavour.channel}`, deadline)
}

/** A killed applier rolls back first what it has of its transaction. */
const RELEASE_MS = 5000

/**
 * End the applier threads where the relay log ends with half a transaction: told to stop, MySQL waits a minute for the
 * other half, also once they are killed, unless they have noticed that before (sql_slave_killed() in rpl_replica.cc): so
 * their end is waited for. The half that was applied is rolled back. Only with the receiver stopped.
 */
export async function releaseApplier(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<void> {
  if (flavour.name === 'mariadb') return
  for (const { id } of await findHeldAppliers(connection, deadline)) await killSession(connection, id ?? '', deadline)
  const areGone = async () => (await findHeldAppliers(connection, deadline)).length === 0 || undefined
  await deadline.within(RELEASE_MS).poll(20, areGone)
}

function findHeldAppliers(connection: Connection, deadline: Deadline): Promise<Row[]> {
  return connection.query(
    `SELECT t.PROCESSLIST_ID AS id FROM performance_schema.replication_connection_status c
      JOIN (SELECT CHANNEL_NAME, THREAD_ID FROM performance_schema.replication_applier_status_by_worker
        UNION SELECT CHANNEL_NAME, THREAD_ID FROM performance_schema.replication_applier_status_by_coordinator) a
        ON a.CHANNEL_NAME = c.CHANNEL_NAME
      JOIN performance_schema.threads t ON t.THREAD_ID = a.THREAD_ID
      WHERE c.CHANNEL_NAME = '' AND c.QUEUEING_TRANSACTION <> ''`,
    deadline,
  )
}
