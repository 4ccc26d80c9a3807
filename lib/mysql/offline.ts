import type { Bytes } from './binary-log-events.ts'
import { readHead, readTransactions } from './binary-log-transactions.ts'
import { type GtidSet, gtidSet, type Interval, union } from './gtid-set.ts'
import { historyUpTo } from './mariadb-positions.ts'
import type { BinaryLog } from './tail-reading.ts'

/**
 * Every transaction that the binary logs of a stopped server hold, as it would show them after a start: those of a crashed
 * source that nobody acknowledged are among them. Throws Failure `unintelligible` when the last log cannot be read.
 */
export function executedOffline({ bytes }: BinaryLog): GtidSet {
  const { flavour, history } = readHead(bytes)
  const transactions = gtidSet(completeTransactions(bytes))
  return union(history, flavour === 'mariadb' ? historyUpTo(transactions) : transactions)
}

/** Whether the server died while it wrote this log: its last one. After a clean shutdown no tail needs a cut. */
export function crashedUncleanly({ bytes }: BinaryLog): boolean {
  return readHead(bytes).inUse
}

function* completeTransactions(bytes: Bytes): Generator<readonly [string, Interval]> {
  for (const { gtid, complete } of readTransactions(bytes)) {
    if (complete) yield [gtid.key, [gtid.number, gtid.number]]
  }
}
