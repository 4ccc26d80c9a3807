import { type Bytes, readEvents } from '../../lib/mysql/binary-log-events.ts'
import type { FlavourName } from '../../lib/mysql/server-facts.ts'

/** Successive transactions of one server in a binary log. Times are those of their commits there, in milliseconds since 1970. */
export interface LogRun {
  /** The node whose log it is. */
  readonly log: string
  /** The node that the clients wrote to: by the server's number or UUID in the transactions' GTIDs. */
  readonly origin: string
  readonly first: number
  readonly last: number
  readonly transactions: number
}

/** One transaction of a binary log: whose it is, and when it was committed by the server that the client wrote to. */
export interface Origin {
  readonly key: string
  readonly at: number
}

/** How exactly a log tells when a transaction was committed, in milliseconds. */
export const PRECISION_MS: Readonly<Record<FlavourName, number>> = { mariadb: 1000, mysql: 1 }

const HEADER_LENGTH = 19
const TYPE_AT = 4
const MYSQL_GTID = 33
/** The two times follow the flags, the GTID and the numbers for the parallel applier. */
const TIMES_AT = HEADER_LENGTH + 42
const TIME_LENGTH = 7

/** The transactions of a binary log in its order. Throws what readEvents() throws. */
export function* readOrigins(bytes: Bytes): Generator<Origin> {
  for (const event of readEvents(bytes)) {
    if (event.kind === 'gtid') yield { key: event.gtid.key, at: commitTime(bytes, event.position) }
  }
}

/** Put successive transactions of one origin together. Those before `since` are left out. */
export function collectRuns(
  log: string,
  origins: Iterable<Origin>,
  since: number,
  nodeOf: (key: string) => string,
): LogRun[] {
  const runs: LogRun[] = []
  for (const { key, at } of origins) {
    if (at < since) continue
    const origin = nodeOf(key)
    const previous = runs.at(-1)
    if (previous?.origin === origin) {
      const { first, last, transactions } = previous
      runs[runs.length - 1] = {
        ...previous,
        first: Math.min(first, at),
        last: Math.max(last, at),
        transactions: transactions + 1,
      }
    } else {
      runs.push({ log, origin, first: at, last: at, transactions: 1 })
    }
  }
  return runs
}

/**
 * MySQL writes the time in microseconds: when the transaction was committed here and, where that was another server, also there.
 * MariaDB has the second that stands in the header of every event, and which a replica leaves as it is.
 */
function commitTime(bytes: Bytes, position: number): number {
  const header = bytes.read(position, HEADER_LENGTH)
  if (header.readUInt8(TYPE_AT) !== MYSQL_GTID) return header.readUInt32LE(0) * 1000
  const times = bytes.read(position + TIMES_AT, 2 * TIME_LENGTH)
  const foreign = (times.readUInt8(TIME_LENGTH - 1) & 0x80) !== 0
  return microseconds(times, foreign ? TIME_LENGTH : 0) / 1000
}

function microseconds(bytes: Buffer, at: number): number {
  return bytes.readUIntLE(at, TIME_LENGTH - 1) + (bytes.readUInt8(at + TIME_LENGTH - 1) & 0x7f) * 2 ** 48
}
