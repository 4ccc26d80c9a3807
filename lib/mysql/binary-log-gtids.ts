import { type GtidSet, gtidSet, type Interval } from './gtid-set.ts'
import { unintelligible } from './gtid-syntax.ts'

/** One transaction's name: the key of its server in a GtidSet and its number there. */
export interface Gtid {
  readonly key: string
  readonly number: number
}

/** The flags of MariaDB's GTID event that tell what undoing its transaction takes (sql/log_event.h). */
export const MARIADB_FLAG = { standalone: 1, transactional: 4, ddl: 32, preparedXa: 64, completedXa: 128 } as const

/** MySQL's GTID event: flags, server UUID, number (libs/mysql/binlog/event/control_events.h, Gtid_event). */
export function decodeMysqlGtid(body: Buffer): Gtid {
  return { key: readUuid(body, 1), number: safe(body.readBigInt64LE(17)) }
}

/**
 * MySQL's GTID event of a tagged transaction (8.3 and later): a message of numbered fields, of which the first four are the
 * flags, the server UUID, the number and the tag (libs/mysql/serialization/readme.md).
 */
export function decodeMysqlTaggedGtid(body: Buffer): Gtid {
  const message = new MessageReader(body)
  if (message.unsigned() !== 1) throw unintelligible('A tagged GTID event has an unknown format', body.toString('hex'))
  message.unsigned() // the size of the message
  message.unsigned() // the last field that a reader must know
  message.expectField(0)
  message.unsigned() // flags
  message.expectField(1)
  const uuid = Buffer.from(Array.from({ length: 16 }, () => message.unsigned()))
  message.expectField(2)
  const number = message.signed()
  message.expectField(3)
  const tag = message.text()
  return { key: keyOf(readUuid(uuid, 0), tag), number }
}

/**
 * MySQL's list of all transactions in the logs before this one. Where any of them is tagged, the first and the eighth byte are
 * 1, and each server's intervals are preceded by a tag, which may be empty (sql/rpl_gtid_set.cc, Gtid_set::encode).
 */
export function decodeMysqlHistory(body: Buffer): GtidSet {
  const format = body.readUInt8(7)
  if (format > 1) throw unintelligible('A list of earlier GTIDs has an unknown format', body.toString('hex', 0, 8))
  const servers = format === 1 ? body.readUIntLE(1, 6) : body.readUIntLE(0, 6)
  const intervals: [string, Interval][] = []
  let at = 8
  for (let server = 0; server < servers; server++) {
    let key = readUuid(body, at)
    at += 16
    if (format === 1) {
      const tag = new MessageReader(body, at)
      key = keyOf(key, tag.text())
      at = tag.at
    }
    const end = at + 8 + 16 * safe(body.readBigUInt64LE(at))
    // The second number of each pair is the first one behind the interval.
    for (at += 8; at < end; at += 16) {
      intervals.push([key, [safe(body.readBigUInt64LE(at)), safe(body.readBigUInt64LE(at + 8) - 1n)]])
    }
  }
  return gtidSet(intervals)
}

/** MariaDB's GTID event, whose server is the one in the event's header: number, domain (sql/log_event.h, Gtid_log_event). */
export function decodeMariadbGtid(body: Buffer, serverId: number): Gtid {
  return { key: `${body.readUInt32LE(8)}-${serverId}`, number: safe(body.readBigUInt64LE(0)) }
}

/** MariaDB's list of the last transaction of each server and domain in the logs before this one. */
export function decodeMariadbHistory(body: Buffer): GtidSet {
  const entries = body.readUInt32LE(0) & 0x0fffffff
  return gtidSet(
    Array.from({ length: entries }, (_, index): [string, Interval] => {
      const at = 4 + 16 * index
      const key = `${body.readUInt32LE(at)}-${body.readUInt32LE(at + 4)}`
      return [key, [1, safe(body.readBigUInt64LE(at + 8))]]
    }),
  )
}

/** Reads the variable-length numbers and texts of MySQL's serialization library. */
class MessageReader {
  readonly #bytes: Buffer
  at: number

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes
    this.at = at
  }

  /** A number takes one byte more than its first byte has 1 bits at its low end; these and a 0 bit are cut off. */
  unsigned(): number {
    return safe(this.#number())
  }

  /** The lowest bit is the sign. */
  signed(): number {
    const value = this.#number()
    return safe(value & 1n ? -(value >> 1n) - 1n : value >> 1n)
  }

  text(): string {
    const length = this.unsigned()
    this.at += length
    return this.#bytes.toString('latin1', this.at - length, this.at)
  }

  expectField(id: number): void {
    if (this.unsigned() !== id)
      throw unintelligible(`A tagged GTID event has no field ${id}`, this.#bytes.toString('hex'))
  }

  #number(): bigint {
    const first = this.#bytes.readUInt8(this.at)
    const more = 31 - Math.clz32(~first & (first + 1))
    this.at += more + 1
    if (more === 8) return this.#bytes.readBigUInt64LE(this.at - 8)
    let value = 0n
    for (let index = this.at - 1; index >= this.at - more - 1; index--)
      value = (value << 8n) | BigInt(this.#bytes.readUInt8(index))
    return value >> BigInt(more + 1)
  }
}

function keyOf(uuid: string, tag: string): string {
  return tag === '' ? uuid : `${uuid}:${tag}`
}

function readUuid(bytes: Buffer, at: number): string {
  const hex = bytes.toString('hex', at, at + 16)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

function safe(value: bigint): number {
  if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw unintelligible('A binary log has an impossible transaction number', `${value}`)
  }
  return Number(value)
}
