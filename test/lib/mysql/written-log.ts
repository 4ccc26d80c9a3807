import type { Gtid } from '../../../lib/mysql/binary-log-gtids.ts'
import type { FlavourName } from '../../../lib/mysql/server-facts.ts'

/** A binary log to be written: the least that a reader of GTIDs takes for one. */
export interface LogOutline {
  readonly flavour: FlavourName
  readonly inUse: boolean
  readonly startedServer: boolean
  /** The last transaction of each key in the logs before, whose numbers begin with 1. */
  readonly history: readonly Gtid[]
  readonly transactions: readonly Gtid[]
}

const HEADER_LENGTH = 19
const MAGIC = Buffer.from('fe62696e', 'hex')

/** The bytes of such a log, and where each of its transactions begins. */
export function writeLog({ flavour, inUse, startedServer, history, transactions }: LogOutline) {
  const parts = [
    MAGIC,
    format(inUse, startedServer),
    flavour === 'mysql' ? mysqlHistory(history) : mariadbHistory(history),
  ]
  const positions: number[] = []
  for (const gtid of transactions) {
    positions.push(lengthOf(parts))
    parts.push(flavour === 'mysql' ? mysqlGtid(gtid) : mariadbGtid(gtid), event(16, Buffer.alloc(8)))
  }
  return { bytes: Buffer.concat(parts), positions }
}

const lengthOf = (parts: readonly Buffer[]) => parts.reduce((sum, { length }) => sum + length, 0)

function event(type: number, body: Buffer, { serverId = 1, flags = 0 } = {}): Buffer {
  const header = Buffer.alloc(HEADER_LENGTH)
  header.writeUInt8(type, 4)
  header.writeUInt32LE(serverId, 5)
  header.writeUInt32LE(HEADER_LENGTH + body.length, 9)
  header.writeUInt16LE(flags, 17)
  return Buffer.concat([header, body])
}

/** Version 4, without checksums. */
function format(inUse: boolean, startedServer: boolean): Buffer {
  const body = Buffer.alloc(100)
  body.writeUInt16LE(4, 0)
  body.writeUInt32LE(startedServer ? 1 : 0, 52)
  body.writeUInt8(HEADER_LENGTH, 56)
  return event(15, body, { flags: inUse ? 1 : 0 })
}

const uuid = (key: string) => Buffer.from(key.replaceAll('-', ''), 'hex')
const number64 = (value: number) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
const number32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function mysqlGtid({ key, number }: Gtid): Buffer {
  return event(33, Buffer.concat([Buffer.alloc(1), uuid(key), number64(number), Buffer.alloc(17)]))
}

function mysqlHistory(history: readonly Gtid[]): Buffer {
  const servers = history.map(({ key, number }) => [uuid(key), number64(1), number64(1), number64(number + 1)])
  return event(35, Buffer.concat([number64(history.length), ...servers.flat()]))
}

const idsOf = (key: string) => key.split('-').map(Number)

function mariadbGtid({ key, number }: Gtid): Buffer {
  const [domain = 0, serverId = 0] = idsOf(key)
  const transactional = Buffer.from([4])
  return event(162, Buffer.concat([number64(number), number32(domain), transactional, Buffer.alloc(6)]), { serverId })
}

function mariadbHistory(history: readonly Gtid[]): Buffer {
  const entries = history.map(({ key, number }) => [...idsOf(key).map(number32), number64(number)])
  return event(163, Buffer.concat([number32(history.length), ...entries.flat()]))
}
