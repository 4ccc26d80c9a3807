import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import type { Connection, Row } from './connection.ts'

/** A line of the server's process list. */
export interface ServerSession {
  readonly id: string
  readonly user: string
  /** Host name or address, without the port. */
  readonly host: string
  readonly command: string
  readonly state: string
}

/** Every session and system thread that the account may see: all of them with the privilege PROCESS. */
export async function listSessions(connection: Connection, deadline: Deadline): Promise<ServerSession[]> {
  return (await connection.query('SHOW PROCESSLIST', deadline)).map(toSession)
}

/** The sessions of clients: not the server's own threads, not replicas, not this program's account at this same place. */
export async function listClients(connection: Connection, deadline: Deadline): Promise<ServerSession[]> {
  const [row] = await connection.query('SELECT CONNECTION_ID() AS id', deadline)
  const sessions = await listSessions(connection, deadline)
  const own = sessions.find(({ id }) => id === row?.['id'])
  const isOurs = ({ user, host }: ServerSession) => user === own?.user && host === own.host
  return sessions.filter(session => !isOurs(session) && !isSystem(session))
}

/** A commit that its binary log has and that waits for a replica to acknowledge it. */
export function waitsForAck({ state }: ServerSession): boolean {
  return /semi-sync ACK/i.test(state)
}

/** End a session. One that is gone by itself is as good. Throws Failure `denied` without the privilege. */
export async function killSession(connection: Connection, id: string, deadline: Deadline): Promise<void> {
  try {
    await connection.query(`KILL ${id}`, deadline)
  } catch (error) {
    if (!(error instanceof Failure && error.code === NO_SUCH_THREAD)) throw error
  }
}

const NO_SUCH_THREAD = 1094

function isSystem({ user, command }: ServerSession): boolean {
  return (
    user === 'system user' || user === 'event_scheduler' || command === 'Daemon' || command.startsWith('Binlog Dump')
  )
}

function toSession(row: Row): ServerSession {
  const [host = ''] = (row['Host'] ?? '').split(/:(?=\d+$)/)
  return {
    id: row['Id'] ?? '',
    user: row['User'] ?? '',
    host,
    command: row['Command'] ?? '',
    state: row['State'] ?? '',
  }
}
