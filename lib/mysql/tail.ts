import { Failure } from '../system/failure.ts'
import { type GtidSet, isEmpty } from './gtid-set.ts'
import { describeGtidSet } from './gtid-text.ts'
import { obstacleToCutting } from './tail-obstacles.ts'
import { type BinaryLog, readTail, type Tail } from './tail-reading.ts'

/** Where to cut the logs of a crashed source, and what that takes away. */
export interface TailCut {
  readonly file: string
  /** The first byte to go. */
  readonly position: number
  /** The position behind the head of that file, which a copy of the tail needs to be a binary log again. */
  readonly headEnd: number
  /** Logs behind that one, which go as a whole. */
  readonly laterFiles: readonly string[]
  readonly transactions: GtidSet
}

/** What is to be done about the end of a crashed server's binary log. */
export type TailVerdict =
  | { readonly say: 'nothing' }
  | { readonly say: 'cut'; readonly because: string; readonly cut: TailCut }
  | { readonly say: 'refuse'; readonly because: string }

/**
 * Judge what a crashed source wrote last: which transactions at the end of its logs does `held` lack, and does the server
 * forget them when the logs do? A transaction that reached the log and waits for its acknowledgement is only prepared in the
 * engine, and crash recovery rolls back what is prepared and not in the log.
 *
 * `logs` are all logs of the index, oldest first; `held` is what the promoted source has executed, read after its promotion.
 * Where the last log was closed there is nothing to cut: a clean shutdown commits all that waits.
 * The verdict holds only while the crashed server cannot start. Logs do not show whether the engine has committed: after the
 * start, MySQL's executed set must be within `held`, and on MariaDB committedBehindCut() must be false.
 */
export function judgeTail(logs: readonly BinaryLog[], held: GtidSet): TailVerdict {
  try {
    const tail = readTail(logs, held)
    if (tail === undefined) return { say: 'nothing' }
    const obstacle = obstacleToCutting(tail)
    if (obstacle !== undefined) return { say: 'refuse', because: obstacle }
    return isEmpty(tail.transactions) ? { say: 'nothing' } : { say: 'cut', because: lost(tail), cut: cutBefore(tail) }
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'unintelligible') throw error
    return { say: 'refuse', because: error.message }
  }
}

function cutBefore({ readings, transactions }: Tail): TailCut {
  const [first, ...later] = readings.slice(readings.findIndex(({ unknown }) => unknown.length > 0))
  const [start] = first?.unknown ?? []
  if (first === undefined || start === undefined) throw new Error('a tail with transactions has no first one')
  const laterFiles = later.map(({ log }) => log.file)
  return { file: first.log.file, position: start.position, headEnd: first.head.end, laterFiles, transactions }
}

function lost({ readings, transactions }: Tail): string {
  const number = readings.reduce((sum, { unknown }) => sum + unknown.length, 0)
  const gtids = describeGtidSet(readings[0]?.head.flavour ?? 'mysql', transactions)
  return `transactions that nobody acknowledged end its binary log (${number}): ${gtids}`
}
