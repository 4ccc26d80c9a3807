import { setTimeout as delay } from 'node:timers/promises'
import type { Connection } from 'mysql2/promise'
import type { TransactionShape } from './write-habit.ts'

const ANSWER_TIMEOUT_MS = 2000

const REPLACE_PAYLOAD = 'REPLACE INTO payloads (slot, writer, sequence, payload) VALUES (?, ?, ?, REPEAT(?, ?))'

export interface Transaction {
  readonly writer: string
  /** The number of its first row. */
  readonly sequence: number
  readonly server: string
  readonly shape: TransactionShape
  /** Ends the time that it idles. */
  readonly signal: AbortSignal
  /** Is told right before the statement that commits is sent. */
  readonly sending: () => void
}

/** Write one transaction and commit it: a single row without more by itself, anything else between BEGIN and COMMIT. */
export async function performTransaction(connection: Connection, transaction: Transaction): Promise<void> {
  const { shape, signal, sending } = transaction
  if (shape.rows === 1 && shape.payloadBytes === 0 && shape.idleMs === 0) {
    sending()
    return await insertRows(connection, transaction)
  }
  await ask(connection, 'BEGIN')
  await insertRows(connection, transaction)
  if (shape.payloadBytes > 0) await replacePayload(connection, transaction)
  if (shape.idleMs > 0) await delay(shape.idleMs, undefined, { signal }).catch(() => 'told to stop: it commits now')
  sending()
  await ask(connection, 'COMMIT')
}

/** One statement; throws the server's or the system's error, also when the answer takes too long. */
export async function ask(connection: Connection, sql: string, values: readonly unknown[] = []): Promise<unknown[][]> {
  const [rows] = await connection.query({ sql, values: [...values], rowsAsArray: true, timeout: ANSWER_TIMEOUT_MS })
  return rows as unknown[][]
}

async function insertRows(connection: Connection, { writer, sequence, server, shape }: Transaction): Promise<void> {
  const rows = Array.from({ length: shape.rows }, (_, index) => [writer, sequence + index, server])
  await ask(connection, 'INSERT INTO writes (writer, sequence, server) VALUES ?', [rows])
}

/**
 * The server makes the value: the client need not send it to have it in the binary log. Beside it stands the transaction's last row,
 * and the writers of all loads that have the same number share one place.
 */
async function replacePayload(connection: Connection, { writer, sequence, shape }: Transaction): Promise<void> {
  const text = `${writer}:${sequence} `
  const slot = writer.slice(writer.lastIndexOf('.') + 1)
  const values = [slot, writer, sequence + shape.rows - 1, text, Math.ceil(shape.payloadBytes / text.length)]
  await ask(connection, REPLACE_PAYLOAD, values)
}
