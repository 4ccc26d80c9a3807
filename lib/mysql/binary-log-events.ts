import { crc32 } from 'node:zlib'
import { bytesToRead, decodeContent, type EventContent, type EventHeader } from './binary-log-content.ts'
import { unintelligible } from './gtid-syntax.ts'

/** The bytes of a log: a file read in pieces, or a buffer. `read` may answer fewer bytes than asked at the end only. */
export interface Bytes {
  readonly size: number
  read(position: number, length: number): Buffer
}

/** One event of a binary log and where it stands. Kind 'torn' is the rest of a log behind its last whole event. */
export type BinaryLogEvent = (EventContent | { readonly kind: 'torn' }) & {
  readonly position: number
  readonly size: number
}

type SizedHeader = EventHeader & { readonly size: number }

const MAGIC = 'fe62696e'
const ENCRYPTED_MAGIC = 'fd62696e'
const MAGIC_LENGTH = 4
const HEADER_LENGTH = 19
const CHECKSUM_LENGTH = 4
const FORMAT_TYPE = 15
const FLAGS_OFFSET = 17
const IN_USE = 1
const LARGEST_WHOLE_EVENT = 64 * 2 ** 20
const NOTHING = Buffer.alloc(0)

/**
 * Read a binary log event by event, of either flavour, in the one format since MySQL 5.0 (version 4). Only the events that tell
 * which transactions there are get decoded; of the others no more than the header is read.
 * Stops behind a torn event, which it yields: one that the end of the log cuts off, or the last one with a wrong checksum.
 * Throws Failure `unintelligible` for what is no such log, is encrypted, or is damaged before its end.
 */
export function* readEvents(bytes: Bytes): Generator<BinaryLogEvent> {
  requireMagic(bytes)
  let checksummed = false
  for (let position = MAGIC_LENGTH; position < bytes.size; ) {
    const header = readHeader(bytes, position)
    if (header?.type === FORMAT_TYPE) checksummed = false
    const content: EventContent | undefined = header && readContent(bytes, position, header, checksummed)
    if (header === undefined || content === undefined) {
      yield { kind: 'torn', position, size: bytes.size - position }
      return
    }
    if (content.kind === 'format') checksummed = content.checksummed
    else if (position === MAGIC_LENGTH)
      throw unintelligible('A binary log does not begin with its format', `type ${header.type}`)
    yield { position, size: header.size, ...content }
    position += header.size
  }
}

function requireMagic(bytes: Bytes): void {
  const magic = bytes.read(0, MAGIC_LENGTH).toString('hex')
  if (magic === ENCRYPTED_MAGIC) throw unintelligible('A binary log is encrypted', magic)
  if (magic !== MAGIC) throw unintelligible('A file is no binary log', magic)
}

function readHeader(bytes: Bytes, position: number): SizedHeader | undefined {
  if (position + HEADER_LENGTH > bytes.size) return undefined
  const header = bytes.read(position, HEADER_LENGTH)
  const size = header.readUInt32LE(9)
  if (size < HEADER_LENGTH || position + size > bytes.size) return undefined
  return { type: header.readUInt8(4), serverId: header.readUInt32LE(5), flags: header.readUInt16LE(FLAGS_OFFSET), size }
}

/** The event's content, or undefined when this is the last event and its checksum is wrong. */
function readContent(
  bytes: Bytes,
  position: number,
  header: SizedHeader,
  checksummed: boolean,
): EventContent | undefined {
  const beginning = bytesToRead(header.type)
  if (beginning === undefined) return readWhole(bytes, position, header, checksummed)
  if (beginning === 0) return decode(header, NOTHING)
  const bodyLength = header.size - HEADER_LENGTH - (checksummed ? CHECKSUM_LENGTH : 0)
  return decode(header, bytes.read(position + HEADER_LENGTH, Math.max(0, Math.min(beginning, bodyLength))))
}

function readWhole(
  bytes: Bytes,
  position: number,
  header: SizedHeader,
  checksummed: boolean,
): EventContent | undefined {
  const { type, size } = header
  if (size > LARGEST_WHOLE_EVENT) throw unintelligible('A binary log event is too long for its type', `type ${type}`)
  const event = bytes.read(position, size)
  const content = decode(header, event.subarray(HEADER_LENGTH, checksummed ? size - CHECKSUM_LENGTH : size))
  const verifiable = checksummed || (content.kind === 'format' && content.checksummed)
  if (!verifiable || checksumHolds(event)) return content
  if (position + size === bytes.size) return undefined
  throw unintelligible('A binary log is damaged', `type ${type} at position ${position}`)
}

function decode(header: EventHeader, body: Buffer): EventContent {
  try {
    return decodeContent(header, body)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw unintelligible('A binary log event is too short for its type', `type ${header.type}`)
  }
}

/** The flag of a log in use is set and cleared in place: the checksum is the one without it. */
function checksumHolds(event: Buffer): boolean {
  const counted = Buffer.from(event.subarray(0, -CHECKSUM_LENGTH))
  if (event.readUInt8(4) === FORMAT_TYPE)
    counted.writeUInt16LE(event.readUInt16LE(FLAGS_OFFSET) & ~IN_USE, FLAGS_OFFSET)
  return crc32(counted) === event.readUInt32LE(event.length - CHECKSUM_LENGTH)
}
