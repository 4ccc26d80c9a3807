import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import type { Connection, Row } from './connection.ts'

/** A line of the server's process list. */
export interface ServerSession {
  readonly id: string
  readonly user: string
  readonly command: string
  readonly state: string
}

/** Every session and system thread that the account may see: all of them with the privilege PROCESS. */
export async function listSessions(connection: Connection, deadline: Deadline): Promise<ServerSession[]> {
  return (await connection.query('SHOW PROCESSLIST', deadline)).map(toSession)
}

/** The sessions of clients: every one but this, the server's own threads and those that feed replicas. */
export async function listClients(connection: Connection, deadline: Deadline): Promise<ServerSession[]> {
  const [own] = await connection.query('SELECT CONNECTION_ID() AS id', deadline)
  const sessions = await listSessions(connection, deadline)
  return sessions.filter(session => session.id !== own?.['id'] && !isSystem(session))
}

/** A commit that its binary log has and that waits for a replica to acknowledge it. */
export function waitsForAck({ state }: ServerSession): boolean {
  return /semi-sync ACK/i.test(state)
}

/** The hosts, as the server sees them, from which replicas are connected now. */
export async function listReplicaHosts(connection: Connection, deadline: Deadline): Promise<readonly string[]> {
  const feeds = (await connection.query('SHOW PROCESSLIST', deadline)).filter(row => isFeed(toSession(row)))
  return [...new Set(feeds.map(row => (row['Host'] ?? '').replace(/:\d+$/, '')))]
}

/** End a session. One that is gone by itself is as good; one that may not be ended stays, and the gate is closed to it. */
export async function killSession(connection: Connection, id: string, deadline: Deadline): Promise<void> {
  try {
    await connection.query(`KILL ${id}`, deadline)
  } catch (error) {
    if (!(error instanceof Failure && LEFT_ALONE.includes(error.code))) throw error
  }
}

/** No such thread; not the owner of a session with SYSTEM_USER. */
const LEFT_ALONE: readonly (number | undefined)[] = [1094, 1095]

function isSystem(session: ServerSession): boolean {
  const { user, command } = session
  return user === 'system user' || user === 'event_scheduler' || command === 'Daemon' || isFeed(session)
}

const isFeed = ({ command }: ServerSession) => command.startsWith('Binlog Dump')

function toSession(row: Row): ServerSession {
  return { id: row['Id'] ?? '', user: row['User'] ?? '', command: row['Command'] ?? '', state: row['State'] ?? '' }
}
