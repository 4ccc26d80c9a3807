import type { Readable, Writable } from 'node:stream'
import type { Conduit } from '../system/command.ts'
import { Failure } from '../system/failure.ts'
import { readFrames, sendFrame, write } from './frames.ts'
import type { Report } from './progress.ts'

/** What a donor says before the first byte. */
export interface Offer {
  /** About how much there is: of the data, not of what goes over the wire. */
  readonly bytes: number
  /** MariaDB's gtid_binlog_state from before the copy began: which servers wrote what. Empty on MySQL. */
  readonly binaryLogState: string
}

/** How often a donor says that it lives, while its program has nothing to send. */
const HEARTBEAT_MS = 10_000

/** Send what a program writes, between the offer and a last word on how it went. The program is dead when this ends. */
export async function sendOutput(channel: Writable, offer: Offer, program: Conduit): Promise<void> {
  const heartbeat = setInterval(() => {
    sendFrame(channel, { kind: 'word', word: { alive: true } }).catch(() => program.kill())
  }, HEARTBEAT_MS)
  try {
    await sendFrame(channel, { kind: 'word', word: { offer } })
    for await (const bytes of program.output as AsyncIterable<Buffer>) await sendFrame(channel, { kind: 'data', bytes })
    const { exitCode, complaint } = await program.ended
    const word = exitCode === 0 ? { whole: true } : { failed: lastLine(complaint) }
    await sendFrame(channel, { kind: 'word', word })
  } finally {
    clearInterval(heartbeat)
    program.kill()
  }
}

/** Send why there is nothing to send. */
export function sendRefusal(channel: Writable, because: string): Promise<void> {
  return sendFrame(channel, { kind: 'word', word: { failed: because } })
}

/** What becomes of data that arrive. */
export interface Sink {
  /** Called with the offer, before the first byte: starts the program that takes the data, or throws a Failure that refuses. */
  readonly open: (offer: Offer) => Promise<Conduit>
  /** Sees each piece on its way. */
  readonly watch?: (bytes: Buffer) => void
  readonly report: Report
}

/**
 * Feed what arrives to a program, until the donor has said that it was all and the program has taken it.
 * Throws Failure `rejected` where either of them failed, and `unreachable` where the donor is gone before its last word.
 */
export async function receiveInput(channel: Readable, sink: Sink): Promise<Offer> {
  const received = { offer: undefined as Offer | undefined, bytes: 0, whole: false }
  let program: Conduit | undefined
  try {
    for await (const frame of readFrames(channel)) {
      if (frame.kind === 'word') {
        const { offer, failed, whole } = frame.word
        if (failed !== undefined) throw new Failure('rejected', `the donor failed: ${failed}`)
        received.whole = whole === true
        if (received.whole) break // what follows is none of the data
        if (offer === undefined) continue
        received.offer = offer as Offer
        program = await sink.open(received.offer)
      } else if (program !== undefined) {
        sink.watch?.(frame.bytes)
        await feed(program, frame.bytes)
        received.bytes += frame.bytes.length
        sink.report({ stage: 'copying', doneBytes: received.bytes, totalBytes: received.offer?.bytes })
      }
    }
    return await finish(program, received)
  } finally {
    program?.kill()
  }
}

async function feed({ input, ended }: Conduit, bytes: Buffer): Promise<void> {
  try {
    if (!input.destroyed) await write(input, bytes)
    if (!input.destroyed) return
  } catch (error) {
    if (!(error instanceof Failure)) throw error
  }
  throw new Failure('rejected', `the data cannot be taken: ${lastLine((await ended).complaint)}`)
}

async function finish(
  program: Conduit | undefined,
  { offer, whole }: { readonly offer: Offer | undefined; readonly whole: boolean },
): Promise<Offer> {
  if (program === undefined || offer === undefined || !whole)
    throw new Failure('unreachable', 'the donor was lost before it had sent everything')
  program.input.end()
  const { exitCode, complaint } = await program.ended
  if (exitCode !== 0) throw new Failure('rejected', `the data cannot be taken: ${lastLine(complaint)}`)
  return offer
}

const lastLine = (text: string) => text.split('\n').at(-1) || 'it does not say why'
