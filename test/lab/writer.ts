import { setTimeout as delay } from 'node:timers/promises'
import { type Connection, createConnection } from 'mysql2/promise'
import { APPLICATION } from './accounts.ts'
import { writeErrorText } from './write-error.ts'
import type { WriteHabit } from './write-habit.ts'
import type { Attempt } from './write-record.ts'
import { ask, performTransaction } from './write-transaction.ts'

const CONNECT_TIMEOUT_MS = 1000

/** Between a failed attempt and the next: a refused connection fails within a millisecond. */
const AFTER_ERROR_MS = 20

export interface WriterOptions {
  /** Unique among all writers that ever write to the same servers; at most 24 characters. */
  readonly name: string
  readonly host: string
  readonly habit: WriteHabit
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

/** Write one transaction after another through one connection, with a new connection after every error, until told to stop. */
export async function write({ name, host, habit, intervalMs, signal, record }: WriterOptions): Promise<void> {
  let session: Session | undefined
  let sequence = 1
  for (let n = 1; !signal.aborted; n++) {
    const shape = habit.shape(n)
    const begin = Date.now()
    let sent: number | undefined
    let error: string | undefined
    try {
      session ??= await connect(host)
      const sending = () => {
        sent = Date.now()
      }
      const { connection, server } = session
      await performTransaction(connection, { writer: name, sequence, server, shape, signal, sending })
    } catch (cause) {
      error = writeErrorText(cause)
    }
    const server = session?.server ?? ''
    record({ id: `${name}:${sequence}`, rows: shape.rows, begin, sent, end: Date.now(), server, error })
    sequence += shape.rows
    if (error !== undefined) {
      session?.connection.destroy()
      session = undefined
    }
    await pause(error === undefined ? begin + intervalMs * habit.slowness - Date.now() : AFTER_ERROR_MS, signal)
  }
  session?.connection.destroy()
}

async function connect(host: string): Promise<Session> {
  const { user, password, database } = APPLICATION
  const connection = await createConnection({ host, user, password, database, connectTimeout: CONNECT_TIMEOUT_MS })
  connection.on('error', () => {}) // a connection lost between two attempts: the next attempt meets it
  try {
    const rows = await ask(connection, 'SELECT @@hostname')
    return { connection, server: String(rows[0]?.[0]) }
  } catch (error) {
    connection.destroy()
    throw error
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(Math.max(0, ms), undefined, { signal }).catch(() => 'told to stop')
}
