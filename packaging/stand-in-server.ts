import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createConnection } from 'mysql2'

const GTIDS = '3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5'

/** What statements change, and the pattern of those that do. */
const CHANGES: readonly (readonly [RegExp, Partial<ServerState>])[] = [
  [/^STOP REPLICA IO_THREAD/, { receiver: 'No' }],
  [/^START REPLICA/, { receiver: 'Yes' }],
  [/^RESET REPLICA ALL/, { source: '' }],
  [/^CHANGE REPLICATION SOURCE/, { source: 'localhost' }],
  [/read_only = OFF/, { locked: '0' }],
  [/read_only = ON/, { locked: '1' }],
]

/** A question whose answer is that there is none: an applier that half a transaction holds up. */
const NONE = /^SELECT t\.PROCESSLIST_ID/

/** What a stand-in for a server is just now. */
export interface ServerState {
  readonly receiver: 'Yes' | 'No'
  readonly source: string
  readonly locked: '0' | '1'
}

/** A stand-in for a server has one answer to every question: every column that the agent asks for. */
const answer = ({ receiver, source, locked }: ServerState, port: number) => ({
  version: '8.4.0',
  server_id: '1',
  server_uuid: '3e11fa47-71ca-11e1-9e33-c80aa9429561',
  port: String(port),
  gtid_mode: 'ON',
  sync_relay_log: '1',
  sync_binlog: '1',
  flush_log: '1',
  write_lock: locked,
  executed: GTIDS,
  applied: '',
  logged: '',
  enabled: '1',
  acks: '1',
  reached: '0',
  id: '1',
  File: 'binlog.000001',
  Position: '4',
  Source_Host: source,
  Source_Port: String(port),
  Source_User: 'root',
  Replica_IO_Running: receiver,
  Replica_SQL_Running: 'Yes',
  Seconds_Behind_Source: '0',
  Auto_Position: '1',
  Retrieved_Gtid_Set: GTIDS,
  Source_Log_File: 'binlog.000001',
  Relay_Source_Log_File: 'binlog.000001',
  Read_Source_Log_Pos: '4',
  Exec_Source_Log_Pos: '4',
})

/** The rows of a table of names and values: semi-synchronous replication, with one replica that acknowledges. */
const STATUS = {
  rpl_semi_sync_source_status: 'ON',
  rpl_semi_sync_replica_status: 'ON',
  rpl_semi_sync_source_clients: '1',
  rpl_semi_sync_source_wait_sessions: '0',
  rpl_semi_sync_source_yes_tx: '1',
}

const UTF8MB4 = 255
const VARCHAR = 253

const column = (name: string) => ({
  catalog: 'def',
  schema: '',
  table: '',
  orgTable: '',
  name,
  orgName: name,
  characterSet: UTF8MB4,
  columnLength: 255,
  columnType: VARCHAR,
  flags: 0,
  decimals: 0,
})

const GREETING = {
  protocolVersion: 10,
  serverVersion: '8.4.0',
  connectionId: 1,
  statusFlags: 2,
  characterSet: UTF8MB4,
  capabilityFlags: 0x81a209, // CLIENT_PROTOCOL_41, _TRANSACTIONS, _SECURE_CONNECTION, _PLUGIN_AUTH and their like; no TLS
  authCallback: (_account: unknown, accept: (objection: null) => void) => accept(null),
}

/**
 * Listen on a socket, and on a port of this computer, as a server that lets everybody in, answers everything, and does what a few
 * statements say. Answers the port.
 */
export async function standInForServer(socket: string, initially: ServerState): Promise<number> {
  let [state, port] = [initially, 0]
  const say = (statement: string): Record<string, string>[] | undefined => {
    for (const [pattern, change] of CHANGES) if (pattern.test(statement)) state = { ...state, ...change }
    if (!/^(?:SELECT|SHOW)/.test(statement)) return undefined
    if (NONE.test(statement)) return []
    if (!statement.includes('global_status')) return [answer(state, port)]
    return Object.entries(STATUS).map(([name, value]) => ({ name, value }))
  }
  createServer(stream => serve(stream, say)).listen(socket)
  const atPort = createServer(stream => serve(stream, say)).listen(0, 'localhost')
  await once(atPort, 'listening')
  port = (atPort.address() as AddressInfo).port
  return port
}

function serve(stream: Socket, say: (statement: string) => Record<string, string>[] | undefined): void {
  const connection = createConnection({ stream, isServer: true })
  connection.serverHandshake(GREETING)
  const reply = (statement: string) => {
    const rows = say(statement)
    connection.sequenceId = 1
    if (rows === undefined) connection.writeOk()
    else connection.writeTextResult(rows, Object.keys(rows[0] ?? { id: '' }).map(column))
    connection.sequenceId = 0 // of the next question
  }
  connection.on('query', reply)
  connection.on('stmt_prepare', reply) // what mysql2 takes SET for
  connection.on('error', () => {}) // whoever only looked whether somebody listens has gone before the greeting
}
