import type { Readable, Writable } from 'node:stream'
import { Failure } from '../system/failure.ts'

/** What goes over a channel: a piece of the data, or word about them. */
export type Frame =
  | { readonly kind: 'data'; readonly bytes: Buffer }
  | { readonly kind: 'word'; readonly word: Readonly<Record<string, unknown>> }

/** Before each frame: what it is, and its length in four bytes. */
const HEAD_BYTES = 5
const CODES = { data: 1, word: 2 } as const
/** More than any program writes at once; a larger length is no frame of ours. */
const LARGEST = 16 * 1024 * 1024

/** Send a frame; over when the channel takes more. Throws Failure `unreachable` once the channel is closed. */
export async function sendFrame(channel: Writable, frame: Frame): Promise<void> {
  const body = frame.kind === 'data' ? frame.bytes : Buffer.from(JSON.stringify(frame.word))
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUInt8(CODES[frame.kind])
  head.writeUInt32BE(body.length, 1)
  if (channel.destroyed) throw lost()
  channel.write(head)
  await write(channel, body)
}

/** The frames that arrive, until the channel ends. Throws Failure `unreachable` where it ends within a frame. */
export async function* readFrames(channel: Readable): AsyncGenerator<Frame> {
  let rest: Buffer = Buffer.alloc(0)
  try {
    for await (const chunk of channel as AsyncIterable<Buffer>) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      for (let taken = takeFrame(rest); taken !== undefined; taken = takeFrame(rest)) {
        rest = rest.subarray(taken.length)
        yield taken.frame
      }
    }
  } catch (error) {
    throw error instanceof Failure ? error : lost(error)
  }
  if (rest.length > 0) throw lost()
}

function takeFrame(bytes: Buffer): { readonly frame: Frame; readonly length: number } | undefined {
  if (bytes.length < HEAD_BYTES) return undefined
  const length = HEAD_BYTES + bytes.readUInt32BE(1)
  const code = bytes.readUInt8()
  if (length > LARGEST || (code !== CODES.data && code !== CODES.word))
    throw new Failure('unintelligible', 'the donor sends something that is no seed')
  if (bytes.length < length) return undefined
  const body = bytes.subarray(HEAD_BYTES, length)
  return { length, frame: code === CODES.data ? { kind: 'data', bytes: body } : { kind: 'word', word: parse(body) } }
}

function parse(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const word: unknown = JSON.parse(body.toString('utf8'))
    if (typeof word === 'object' && word !== null) return word as Readonly<Record<string, unknown>>
  } catch (cause) {
    throw new Failure('unintelligible', 'the donor says something that is no word of a seed', { cause })
  }
  throw new Failure('unintelligible', 'the donor says something that is no word of a seed')
}

/** What may be on its way into a stream. By their own measure streams are full with a few kilobytes, and each wait costs a turn. */
const IN_FLIGHT_BYTES = 4 * 1024 * 1024

/** Write, and wait where too much is on its way. Throws Failure `unreachable` where the stream is closed meanwhile. */
export async function write(stream: Writable, bytes: Buffer): Promise<void> {
  stream.write(bytes)
  if (stream.writableLength > IN_FLIGHT_BYTES) await drained(stream)
}

function drained(stream: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      stream.off('drain', settle).off('close', settle)
      if (stream.destroyed) reject(lost())
      else resolve()
    }
    stream.once('drain', settle).once('close', settle)
  })
}

const lost = (cause?: unknown) =>
  new Failure('unreachable', 'the connection between donor and recipient is lost', { cause })
