import {
  decodeMariadbGtid,
  decodeMariadbHistory,
  decodeMysqlGtid,
  decodeMysqlHistory,
  decodeMysqlTaggedGtid,
  type Gtid,
} from './binary-log-gtids.ts'
import { decodeQuery, type Statement } from './binary-log-queries.ts'
import type { GtidSet } from './gtid-set.ts'
import { unintelligible } from './gtid-syntax.ts'
import type { FlavourName } from './server-facts.ts'

/** The part of an event's 19-byte header that says what it is. */
export interface EventHeader {
  readonly type: number
  readonly serverId: number
  readonly flags: number
}

/** What an event says, as far as it matters to which transactions a log holds. */
export type EventContent =
  /** The first event. `startedServer`: the log was begun by a start of the server, not by a rotation. */
  | { readonly kind: 'format'; readonly startedServer: boolean; readonly inUse: boolean; readonly checksummed: boolean }
  /** The second event: every transaction in earlier logs. */
  | { readonly kind: 'history'; readonly flavour: FlavourName; readonly executed: GtidSet }
  /** The first event of a transaction; `mariadbFlags` is undefined on MySQL. */
  | { readonly kind: 'gtid'; readonly gtid: Gtid; readonly mariadbFlags: number | undefined }
  /** The first event of a transaction that has no GTID. */
  | { readonly kind: 'anonymous' }
  /** The last event of a transaction that the engines can undo. */
  | { readonly kind: 'commit' }
  | Statement
  | { readonly kind: 'other' }

interface EventType {
  /** How many bytes of an event of this type are read; undefined for all of them. */
  readonly readBytes?: number
  readonly decode: (body: Buffer, header: EventHeader) => EventContent
}

const IN_USE = 1
const CHECKSUM_LENGTH = 4
const CRC32 = 1

/** Enough of a query for its status variables and the beginning of its text. */
const QUERY_BYTES = 64 * 1024

/** The events that matter, by their type codes: up to 42 in MySQL's numbering, from 160 on in MariaDB's. */
const EVENT_TYPES: Readonly<Record<number, EventType>> = {
  2: { readBytes: QUERY_BYTES, decode: decodeQuery },
  15: { decode: decodeFormat },
  16: { readBytes: 0, decode: () => ({ kind: 'commit' }) }, // XID
  33: { decode: body => ({ kind: 'gtid', gtid: decodeMysqlGtid(body), mariadbFlags: undefined }) },
  34: { readBytes: 0, decode: () => ({ kind: 'anonymous' }) },
  35: { decode: body => ({ kind: 'history', flavour: 'mysql', executed: decodeMysqlHistory(body) }) },
  38: { readBytes: 0, decode: () => ({ kind: 'commit' }) }, // XA PREPARE
  40: { readBytes: 0, decode: () => ({ kind: 'commit' }) }, // a whole transaction, compressed
  42: { decode: body => ({ kind: 'gtid', gtid: decodeMysqlTaggedGtid(body), mariadbFlags: undefined }) },
  162: { decode: decodeMariadbTransaction },
  163: { decode: body => ({ kind: 'history', flavour: 'mariadb', executed: decodeMariadbHistory(body) }) },
  164: { readBytes: 0, decode: refuseEncrypted },
  165: { readBytes: 0, decode: () => ({ kind: 'statement', atomic: false }) }, // a compressed query
}

/** How many bytes of an event of this type decodeContent() needs; undefined for all of them. */
export function bytesToRead(type: number): number | undefined {
  const known = EVENT_TYPES[type]
  return known === undefined ? 0 : known.readBytes
}

/**
 * Decode an event's body, which is without header and checksum.
 * Throws Failure `unintelligible` when the log is encrypted, or is not of the format that both flavours have written since 2005.
 */
export function decodeContent(header: EventHeader, body: Buffer): EventContent {
  return EVENT_TYPES[header.type]?.decode(body, header) ?? { kind: 'other' }
}

function decodeFormat(body: Buffer, header: EventHeader): EventContent {
  const [version, headerLength] = [body.readUInt16LE(0), body.readUInt8(56)]
  if (version !== 4 || headerLength !== 19)
    throw unintelligible('A binary log has an unknown format', `version ${version}`)
  return {
    kind: 'format',
    startedServer: body.readUInt32LE(52) !== 0,
    inUse: (header.flags & IN_USE) !== 0,
    checksummed: body.readUInt8(body.length - CHECKSUM_LENGTH - 1) === CRC32,
  }
}

function decodeMariadbTransaction(body: Buffer, header: EventHeader): EventContent {
  return { kind: 'gtid', gtid: decodeMariadbGtid(body, header.serverId), mariadbFlags: body.readUInt8(12) }
}

function refuseEncrypted(): never {
  throw unintelligible('A binary log is encrypted', 'START_ENCRYPTION')
}
