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

/**
 * The frames that arrive, until the channel ends. Data come in the pieces in which they arrive: putting them together would
 * copy everything once more. Throws Failure `unreachable` where the channel ends within a frame, and `unintelligible` for what
 * is no frame of ours.
 */
export async function* readFrames(channel: Readable): AsyncGenerator<Frame> {
  const parser = new FrameParser()
  try {
    for await (const chunk of channel as AsyncIterable<Buffer>) yield* parser.take(chunk)
  } catch (error) {
    throw error instanceof Failure ? error : lost(error)
  }
  if (parser.isWithinFrame) throw lost()
}

const NOTHING: Buffer = Buffer.alloc(0)

/** Takes apart what arrives. Only heads and words are kept until they are whole. */
class FrameParser {
  #kept = NOTHING
  /** Of the frame that has begun, so much is still to come. */
  #left = 0
  #kind: Frame['kind'] | 'head' = 'head'

  get isWithinFrame(): boolean {
    return this.#kind !== 'head' || this.#kept.length > 0
  }

  *take(chunk: Buffer): Generator<Frame> {
    let rest = chunk
    while (rest.length > 0) {
      if (this.#kind === 'head') this.#left = HEAD_BYTES - this.#kept.length
      const piece = rest.subarray(0, this.#left)
      rest = rest.subarray(piece.length)
      this.#left -= piece.length
      if (this.#kind === 'data') yield { kind: 'data', bytes: piece }
      else this.#kept = this.#kept.length === 0 ? piece : Buffer.concat([this.#kept, piece])
      if (this.#left > 0) continue
      if (this.#kind === 'word') yield { kind: 'word', word: parse(this.#kept) }
      this.#begin(this.#kind === 'head' ? this.#kept : NOTHING)
    }
  }

  /** After a head what it announces, and after that the next head. */
  #begin(head: Buffer): void {
    this.#kept = NOTHING
    this.#left = head.length === 0 ? 0 : head.readUInt32BE(1)
    if (this.#left > LARGEST) throw strange()
    this.#kind = this.#left === 0 ? 'head' : kindOf(head)
  }
}

function kindOf(head: Buffer): Frame['kind'] {
  const code = head.readUInt8()
  if (code === CODES.data) return 'data'
  if (code === CODES.word) return 'word'
  throw strange()
}

const strange = () => new Failure('unintelligible', 'the donor sends something that is no seed')

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
