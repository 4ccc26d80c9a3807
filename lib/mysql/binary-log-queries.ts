import { RENEWAL } from './semi-sync.ts'

/** What a query event means for the transaction around it. */
export type Statement =
  | { readonly kind: 'begin' }
  /** The end of a transaction that wrote to tables without transactions; every other kind ends otherwise. */
  | { readonly kind: 'plain-commit' }
  /** `atomic`: the server undoes it in crash recovery when the binary log lacks it. */
  | { readonly kind: 'statement'; readonly atomic: boolean }

const FIXED_BYTES = 13
const DDL_WITH_XID = 17

/** Lengths of a query event's status variables, by their codes (libs/mysql/binlog/event/statement_events.h). */
const STATUS_LENGTH: Readonly<Record<number, number | ((at: number, status: Buffer) => number)>> = {
  0: 4, // flags2
  1: 8, // sql_mode
  3: 4, // auto_increment
  4: 6, // character set
  5: shortText, // time zone
  6: shortText, // catalog
  7: 2, // lc_time_names
  8: 2, // character set of the database
  9: 8, // tables to update
  10: 4, // length on the source
  11: (at, status) => shortText(at, status) + shortText(at + shortText(at, status), status), // invoker: user, host
  12: databaseNames,
  13: 3, // microseconds
  16: 1, // explicit_defaults_for_timestamp
  [DDL_WITH_XID]: 8,
  18: 2, // default collation for utf8mb4
  19: 1, // sql_require_primary_key
  20: 1, // default_table_encryption
}

/** Decode a query event, whose text may be cut off. */
export function decodeQuery(body: Buffer): Statement {
  const databaseLength = body.readUInt8(8)
  const statusEnd = FIXED_BYTES + body.readUInt16LE(11)
  const query = body.toString('latin1', statusEnd + databaseLength + 1)
  if (query === 'BEGIN' || query.startsWith('XA START')) return { kind: 'begin' }
  if (query === 'COMMIT' || query === 'ROLLBACK') return { kind: 'plain-commit' }
  const xaEnd = query.startsWith('XA COMMIT') || query.startsWith('XA ROLLBACK')
  const leavesNothing = xaEnd || query === RENEWAL
  return { kind: 'statement', atomic: leavesNothing || hasStatus(body.subarray(FIXED_BYTES, statusEnd), DDL_WITH_XID) }
}

function hasStatus(status: Buffer, wanted: number): boolean {
  let at = 0
  while (at < status.length) {
    const code = status.readUInt8(at)
    if (code === wanted) return true
    const length = STATUS_LENGTH[code]
    if (length === undefined) return false
    at += 1 + (typeof length === 'number' ? length : length(at + 1, status))
  }
  return false
}

function shortText(at: number, status: Buffer): number {
  return 1 + status.readUInt8(at)
}

/** A count, then this many texts that end with a zero byte; the count 254 stands for too many to name. */
function databaseNames(at: number, status: Buffer): number {
  const count = status.readUInt8(at)
  if (count === 254) return 1
  let end = at
  for (let name = 0; name < count; name++) {
    end = status.indexOf(0, end + 1)
    if (end === -1) return status.length
  }
  return end + 1 - at
}
