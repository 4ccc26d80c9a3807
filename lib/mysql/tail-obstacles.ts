import { basename } from 'node:path'
import { contains, type GtidSet, gtidSet, isEmpty, subtract, union } from './gtid-set.ts'
import { describeGtidSet } from './gtid-text.ts'
import { historyUpTo } from './mariadb-positions.ts'
import { MOST_TRANSACTIONS, type Reading, type Tail } from './tail-reading.ts'

/** More bytes than this are not copied aside, and what is not copied aside is not cut. */
const MOST_BYTES = 2 ** 30

/** Why this tail must not be cut; undefined when it may be, or is none. The first rule that applies speaks. */
export function obstacleToCutting(tail: Tail): string | undefined {
  for (const rule of RULES) {
    const because = rule(tail)
    if (because !== undefined) return because
  }
  return undefined
}

const RULES: readonly ((tail: Tail) => string | undefined)[] = [
  nothingInCommon,
  committedBeforeTheLog,
  tooManyTransactions,
  heldBehindTheCut,
  lastingTransaction,
  unaccountedHistory,
  tooLarge,
]

/** A source that holds nothing of this server is not the one that took over from it. */
function nothingInCommon({ readings: [oldest], transactions }: Tail): string | undefined {
  if (oldest === undefined || isEmpty(transactions)) return undefined
  if (!isEmpty(oldest.head.history) || oldest.lastKnown !== undefined) return undefined
  return `${name(oldest)} and the source have no transaction in common`
}

/** What stands in logs before a start of the server, or before a rotation on MySQL, the server has committed. */
function committedBeforeTheLog({ readings: [oldest], held }: Tail): string | undefined {
  if (oldest === undefined || contains(held, oldest.head.history)) return undefined
  const missing = named(oldest, subtract(oldest.head.history, held))
  return `${name(oldest)} begins after transactions that the source lacks: ${missing}`
}

function tooManyTransactions({ readings }: Tail): string | undefined {
  const crowded = readings.find(({ unknown }) => unknown.length > MOST_TRANSACTIONS)
  return crowded && `${name(crowded)} holds more than ${MOST_TRANSACTIONS} transactions that the source lacks`
}

/** What is held elsewhere is never cut. */
function heldBehindTheCut({ readings }: Tail): string | undefined {
  let start: Reading | undefined
  for (const reading of readings) {
    const position = start === undefined ? reading.unknown[0]?.position : 0
    if (position === undefined) continue
    start ??= reading
    if (reading.lastKnown === undefined || reading.lastKnown < position) continue
    return `${name(reading)} holds a transaction that the source has, at ${reading.lastKnown}, behind one that it lacks`
  }
  return undefined
}

function lastingTransaction({ readings }: Tail): string | undefined {
  for (const reading of readings) {
    const found = reading.unknown.find(({ lasting }) => lasting !== undefined)
    if (found === undefined) continue
    const gtid = named(reading, gtidSet([[found.gtid.key, [found.gtid.number, found.gtid.number]]]))
    return `${name(reading)} holds ${gtid}, which the source lacks and a cut does not undo: ${found.lasting}`
  }
  return undefined
}

/** Whatever a log counts as earlier transactions must be held, or must have been found as part of the tail. */
function unaccountedHistory({ readings, held, transactions }: Tail): string | undefined {
  const accounted = union(held, readings[0]?.head.flavour === 'mariadb' ? historyUpTo(transactions) : transactions)
  const found = readings.find(({ head }) => !contains(accounted, head.history))
  if (found === undefined) return undefined
  return `${name(found)} counts transactions that no log before it holds: ${named(found, subtract(found.head.history, accounted))}`
}

function tooLarge({ readings }: Tail): string | undefined {
  const from = readings.findIndex(({ unknown }) => unknown.length > 0)
  if (from === -1) return undefined
  const cut = readings.slice(from)
  const bytes = cut.reduce((sum, { log }) => sum + log.bytes.size, -(cut[0]?.unknown[0]?.position ?? 0))
  if (bytes <= MOST_BYTES) return undefined
  return `The binary logs hold ${bytes} bytes of transactions that the source lacks, above the limit of ${MOST_BYTES}`
}

function name({ log }: Reading): string {
  return basename(log.file)
}

function named({ head }: Reading, gtids: GtidSet): string {
  return describeGtidSet(head.flavour, gtids)
}
