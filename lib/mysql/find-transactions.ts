import type { Gtid } from './binary-log-gtids.ts'
import { readHead, readTransactions } from './binary-log-transactions.ts'
import { type GtidSet, has, isEmpty, subtract } from './gtid-set.ts'
import type { BinaryLog } from './tail-reading.ts'

/** A transaction and where it stands in a binary log. */
export interface FoundTransaction {
  readonly gtid: Gtid
  readonly file: string
  readonly start: number
  /** The position behind it. */
  readonly end: number
}

/**
 * Find these transactions in the binary logs of one server, in the order in which it wrote them. Logs that were purged are
 * missing from the answer. Throws Failure `unintelligible` for a log that cannot be read.
 */
export function findTransactions(logs: readonly BinaryLog[], wanted: GtidSet): readonly FoundTransaction[] {
  const found: FoundTransaction[][] = []
  for (const log of logs.toReversed()) {
    found.unshift(findInLog(log, wanted))
    const isOlderWanted = !isEmpty(subtract(wanted, subtract(wanted, readHead(log.bytes).history)))
    if (!isOlderWanted) break
  }
  return found.flat()
}

function findInLog({ file, bytes }: BinaryLog, wanted: GtidSet): FoundTransaction[] {
  const all = [...readTransactions(bytes)].filter(({ complete }) => complete)
  return all.flatMap(({ gtid, position }, index) => {
    const end = all[index + 1]?.position ?? bytes.size
    return has(wanted, gtid.key, gtid.number) ? [{ gtid, file, start: position, end }] : []
  })
}

/** The same transactions as unbroken stretches of their logs. */
export function stretches(transactions: readonly FoundTransaction[]): readonly Omit<FoundTransaction, 'gtid'>[] {
  const joined: { file: string; start: number; end: number }[] = []
  for (const { file, start, end } of transactions) {
    const last = joined.at(-1)
    if (last?.file === file && last.end === start) last.end = end
    else joined.push({ file, start, end })
  }
  return joined
}
