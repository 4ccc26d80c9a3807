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
  return status['Source_Host'] ? status : undefined
}

/** Read the row's meaning. */
export function toReplication(flavour: FlavourName, status: Row): Replication {
  const receiver = receiverState(status['Replica_IO_Running'])
  const lag = status['Seconds_Behind_Source']
  return {
    sourceHost: status['Source_Host'] ?? '',
    sourcePort: Number(status['Source_Port']),
    receiver,
    receiverError: complaint(status['Last_IO_Errno'], status['Last_IO_Error']),
    applierRunning: status['Replica_SQL_Running'] === 'Yes',
    applierError: complaint(status['Last_SQL_Errno'], status['Last_SQL_Error']),
    // With nothing coming in, a replica that has applied all it has says 0.
    lagSeconds: receiver === 'running' && lag != null ? Number(lag) : undefined,
    byGtid: status['Auto_Position'] === '1' || (status['Using_Gtid'] ?? 'No') !== 'No',
    received: parseGtidSet(flavour, status['Retrieved_Gtid_Set'] ?? status['Gtid_IO_Pos'] ?? ''),
    readTo: { file: status['Source_Log_File'] ?? '', position: Number(status['Read_Source_Log_Pos']) },
    appliedTo: { file: status['Relay_Source_Log_File'] ?? '', position: Number(status['Exec_Source_Log_Pos']) },
  }
}

/** MariaDB says Preparing before it says Connecting. */
function receiverState(running: string | null | undefined): ReceiverState {
  if (running === 'Yes') return 'running'
  return running === 'No' ? 'stopped' : 'connecting'
}

function complaint(code: string | null | undefined, text: string | null | undefined): string | undefined {
  return code == null || code === '0' ? undefined : `${text} (${code})`
}
