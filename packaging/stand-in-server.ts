import { createServer, type Socket } from 'node:net'
import { createConnection } from 'mysql2'

/** Every column that monitor asks for; a stand-in for a server has one answer to every question. */
const ANSWER = {
  version: '8.4.0',
  server_id: '1',
  server_uuid: '1',
  port: '3306',
  gtid_mode: 'ON',
  write_lock: '1',
  executed: '',
  applied: '',
  logged: '',
}

const UTF8MB4 = 255
const VARCHAR = 253

const COLUMNS = Object.keys(ANSWER).map(name => ({
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
}))

const GREETING = {
  protocolVersion: 10,
  serverVersion: ANSWER.version,
  connectionId: 1,
  statusFlags: 2,
  characterSet: UTF8MB4,
  capabilityFlags: 0x81a209, // CLIENT_PROTOCOL_41, _TRANSACTIONS, _SECURE_CONNECTION, _PLUGIN_AUTH and their like; no TLS
  authCallback: (_account: unknown, accept: (objection: null) => void) => accept(null),
}

/** Listen on a socket as a server that lets everybody in and answers everything. */
export function standInForServer(socket: string): void {
  createServer(serve).listen(socket)
}

function serve(stream: Socket): void {
  const connection = createConnection({ stream, isServer: true })
  connection.serverHandshake(GREETING)
  connection.on('query', () => {
    connection.sequenceId = 1
    connection.writeTextResult([ANSWER], COLUMNS)
  })
}
