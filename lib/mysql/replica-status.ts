import type { Deadline } from '../system/deadline.ts'
import type { Connection, Row } from './connection.ts'
import { type Flavour, todaysName } from './flavour.ts'
import { parseGtidSet } from './gtid-text.ts'
import type { FlavourName, ReceiverState, Replication } from './server-facts.ts'

/** The default channel's row of SHOW REPLICA STATUS with the column names of today; undefined where nothing is followed. */
export async function readReplicaStatus(
  connection: Connection,
  flavour: Flavour,
  deadline: Deadline,
): Promise<Row | undefined> {
  const [row] = await connection.query(`SHOW REPLICA STATUS${flavour.channel}`, deadline)
  if (row === undefined) return undefined
  const status = Object.fromEntries(Object.entries(row).map(([name, value]) => [todaysName(name), value]))
  if (!status['Source_Host']) return undefined
  return flavour.name === 'mysql' && isError(status['Last_SQL_Errno'])
    ? withCause(connection, status, deadline)
    : status
}

const WORKER_ERROR =
  'SELECT LAST_ERROR_MESSAGE AS message FROM performance_schema.replication_applier_status_by_worker ' +
  "WHERE CHANNEL_NAME = '' AND LAST_ERROR_NUMBER <> 0 ORDER BY LAST_ERROR_TIMESTAMP LIMIT 1"

/** With the error of the applier's worker that failed: in the status itself MySQL only says that one did. */
async function withCause(connection: Connection, status: Row, deadline: Deadline): Promise<Row> {
  const [worker] = await connection.query(WORKER_ERROR, deadline)
  return { ...status, Last_SQL_Error: worker?.['message'] ?? status['Last_SQL_Error'] ?? null }
}

/** Read the row's meaning; `lag` is what LAG selects, where it does. */
export function toReplication(flavour: FlavourName, status: Row, lag?: string | null): Replication {
  const receiver = receiverState(status['Replica_IO_Running'])
  return {
    sourceHost: status['Source_Host'] ?? '',
    sourcePort: Number(status['Source_Port']),
    receiver,
    receiverError: complaint(status['Last_IO_Errno'], status['Last_IO_Error']),
    applierRunning: status['Replica_SQL_Running'] === 'Yes',
    applierError: complaint(status['Last_SQL_Errno'], status['Last_SQL_Error']),
    lagSeconds: receiver === 'running' ? lagSeconds(status['Seconds_Behind_Source'], lag) : undefined,
    byGtid: status['Auto_Position'] === '1' || (status['Using_Gtid'] ?? 'No') !== 'No',
    received: parseGtidSet(flavour, status['Retrieved_Gtid_Set'] ?? status['Gtid_IO_Pos'] ?? ''),
    readTo: { file: status['Source_Log_File'] ?? '', position: Number(status['Read_Source_Log_Pos']) },
    appliedTo: { file: status['Relay_Source_Log_File'] ?? '', position: Number(status['Exec_Source_Log_Pos']) },
  }
}

/**
 * The server's own word goes by the clock of the source when it wrote an event, which for a long transaction is long before
 * its commit. With nothing coming in, a replica that has applied all it has says 0: the caller knows that.
 */
function lagSeconds(ownWord: string | null | undefined, lag: string | null | undefined): number | undefined {
  if (ownWord == null) return undefined // its applier does not run
  return Math.max(0, Number(lag ?? ownWord))
}

/** MariaDB says Preparing before it says Connecting. */
function receiverState(running: string | null | undefined): ReceiverState {
  if (running === 'Yes') return 'running'
  return running === 'No' ? 'stopped' : 'connecting'
}

function complaint(code: string | null | undefined, text: string | null | undefined): string | undefined {
  return isError(code) ? `${text} (${code})` : undefined
}

const isError = (code: string | null | undefined): boolean => code != null && code !== '0'
