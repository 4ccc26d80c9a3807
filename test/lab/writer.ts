import { setTimeout as delay } from 'node:timers/promises'
import { type Connection, createConnection } from 'mysql2/promise'
import { APPLICATION } from './accounts.ts'
import type { Attempt } from './write-record.ts'

const CONNECT_TIMEOUT_MS = 1000

const ANSWER_TIMEOUT_MS = 2000

/** Between a failed attempt and the next: a refused connection fails within a millisecond. */
const AFTER_ERROR_MS = 20

const INSERT = 'INSERT INTO writes (writer, sequence, server) VALUES (?, ?, ?)'

export interface WriterOptions {
  /** Unique among all writers that ever write to the same servers; at most 24 characters. */
  readonly name: string
  readonly host: string
  /** Time from the begin of one attempt to that of the next, where the server is not slower. */
  readonly intervalMs: number
  /** When to stop; an attempt that has begun is still brought to its end. */
  readonly signal: AbortSignal
  readonly record: (attempt: Attempt) => void
}

interface Session {
  readonly connection: Connection
  readonly server: string
}

/** Write one row after another through one connection, with a new connection after every error, until told to stop. */
export async function write({ name, host, intervalMs, signal, record }: WriterOptions): Promise<void> {
  let session: Session | undefined
  for (let sequence = 1; !signal.aborted; sequence++) {
    const begin = Date.now()
    let error: string | undefined
    try {
      session ??= await connect(host)
      const values = [name, sequence, session.server]
      await session.connection.query({ sql: INSERT, values, timeout: ANSWER_TIMEOUT_MS })
    } catch (cause) {
      error = errorText(cause)
    }
    record({ id: `${name}:${sequence}`, begin, end: Date.now(), server: session?.server ?? '', error })
    if (error !== undefined) {
      session?.connection.destroy()
      session = undefined
    }
    const pause = error === undefined ? begin + intervalMs - Date.now() : AFTER_ERROR_MS
    await delay(Math.max(0, pause))
  }
  session?.connection.destroy()
}

async function connect(host: string): Promise<Session> {
  const { user, password, database } = APPLICATION
  const connection = await createConnection({ host, user, password, database, connectTimeout: CONNECT_TIMEOUT_MS })
  connection.on('error', () => {}) // a connection lost between two attempts: the next attempt meets it
  try {
    const [rows] = await connection.query({ sql: 'SELECT @@hostname', rowsAsArray: true, timeout: ANSWER_TIMEOUT_MS })
    return { connection, server: String((rows as unknown[][])[0]?.[0]) }
  } catch (error) {
    connection.destroy()
    throw error
  }
}

/** The server's or the system's name for the error, with the server's words for it. */
function errorText(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const { code = cause.name } = cause as NodeJS.ErrnoException
  return `${code} ${cause.message}`
}
