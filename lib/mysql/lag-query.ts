import type { FlavourName } from './server-facts.ts'

const SCHEMA = 'performance_schema'

/** When a transaction that the source has committed, and that cannot be read here yet, was committed there. */
const outstanding = (table: string, stage: string): string =>
  `SELECT UNIX_TIMESTAMP(${stage}_TRANSACTION_ORIGINAL_COMMIT_TIMESTAMP) AS since FROM ${SCHEMA}.${table} ` +
  `WHERE CHANNEL_NAME = '' AND ${stage}_TRANSACTION <> ''`

const QUEUED = 'UNIX_TIMESTAMP(LAST_QUEUED_TRANSACTION_END_QUEUE_TIMESTAMP)'
const COMMITTED = 'UNIX_TIMESTAMP(LAST_QUEUED_TRANSACTION_ORIGINAL_COMMIT_TIMESTAMP)'

/** A receiver that has just received something late will receive the next as late: the source has what it lacks. */
const LATE_RECEIVER =
  `SELECT UNIX_TIMESTAMP() - (${QUEUED} - ${COMMITTED}) FROM ${SCHEMA}.replication_connection_status ` +
  `WHERE CHANNEL_NAME = '' AND ${COMMITTED} > 0 AND UNIX_TIMESTAMP() - ${QUEUED} < 2`

const OUTSTANDING = [
  outstanding('replication_applier_status_by_worker', 'APPLYING'),
  outstanding('replication_applier_status_by_coordinator', 'PROCESSING'),
  outstanding('replication_connection_status', 'QUEUEING'),
  LATE_RECEIVER,
].join(' UNION ALL ')

/**
 * What to select for `behind`: the age in seconds of the oldest transaction that is known here and cannot be read yet, NULL
 * where there is none. It compares the clock of the server that committed it with the clock here. MariaDB keeps no such times.
 * Needs SELECT on performance_schema.
 */
export const LAG: Readonly<Record<FlavourName, string | undefined>> = {
  mysql: `(SELECT UNIX_TIMESTAMP() - MIN(since) FROM (${OUTSTANDING}) outstanding WHERE since > 0) AS behind`,
  mariadb: undefined,
}
