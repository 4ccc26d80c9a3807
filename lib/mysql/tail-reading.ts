import { Failure } from '../system/failure.ts'
import type { Bytes } from './binary-log-events.ts'
import { type LogHead, readHead, readTransactions, type Transaction } from './binary-log-transactions.ts'
import { contains, type GtidSet, gtidSet, has } from './gtid-set.ts'

/** A binary log of a server that is not running. */
export interface BinaryLog {
  readonly file: string
  readonly bytes: Bytes
}

/** One log next to what is held elsewhere. */
export interface Reading {
  readonly log: BinaryLog
  readonly head: LogHead
  /** The transactions that are not held, in the order of the log; no more than one above MOST_TRANSACTIONS. */
  readonly unknown: readonly Transaction[]
  /** The position of the last transaction that is held. */
  readonly lastKnown: number | undefined
}

/** The last logs, back to the first one whose earlier transactions are all held, or to where none of them may be cut. */
export interface Tail {
  readonly readings: readonly Reading[]
  /** All transactions of these logs that are not held. */
  readonly transactions: GtidSet
  readonly held: GtidSet
}

/** A crash leaves no more: each session has at most one transaction that waits, and max_connections ends at this number. */
export const MOST_TRANSACTIONS = 100_000

/**
 * Read the last logs of a server that crashed; undefined when it did not, or has none.
 * Throws Failure `unintelligible`, naming the log that cannot be read.
 */
export function readTail(logs: readonly BinaryLog[], held: GtidSet): Tail | undefined {
  const last = logs.at(-1)
  if (last === undefined || !naming(last, () => readHead(last.bytes)).inUse) return undefined
  const readings: Reading[] = []
  for (const log of logs.toReversed()) {
    const reading = naming(log, () => readLog(log, held))
    readings.unshift(reading)
    if (contains(held, reading.head.history) || !mayReachFurtherBack(reading.head)) break
  }
  const unknown = readings.flatMap(reading => reading.unknown)
  return { readings, held, transactions: gtidSet(unknown.map(({ gtid }) => [gtid.key, [gtid.number, gtid.number]])) }
}

/**
 * MySQL rotates its log only when nothing waits, and a server that starts commits all that its log holds; only MariaDB
 * rotates while transactions wait.
 */
function mayReachFurtherBack({ flavour, startedServer }: LogHead): boolean {
  return flavour === 'mariadb' && !startedServer
}

function readLog(log: BinaryLog, held: GtidSet): Reading {
  const unknown: Transaction[] = []
  let lastKnown: number | undefined
  for (const transaction of readTransactions(log.bytes)) {
    if (has(held, transaction.gtid.key, transaction.gtid.number)) lastKnown = transaction.position
    else unknown.push(transaction)
    if (unknown.length > MOST_TRANSACTIONS) break
  }
  return { log, head: readHead(log.bytes), unknown, lastKnown }
}

function naming<T>(log: BinaryLog, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    throw new Failure(error.kind, `${log.file}: ${error.message}`, { cause: error })
  }
}
