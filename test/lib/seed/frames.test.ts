import { PassThrough, Readable } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Frame, readFrames, sendFrame } from '../../../lib/seed/frames.ts'

async function bytesOf(frames: readonly Frame[]): Promise<Buffer> {
  const channel = new PassThrough({ highWaterMark: 1 << 26 })
  for (const frame of frames) await sendFrame(channel, frame)
  channel.end()
  return Buffer.concat(await channel.toArray())
}

async function framesIn(pieces: readonly Buffer[]): Promise<Frame[]> {
  const frames: Frame[] = []
  for await (const frame of readFrames(Readable.from(pieces))) frames.push(frame)
  return frames
}

/** Data in one piece between two words, as a program takes them. */
function joined(frames: readonly Frame[]): Frame[] {
  const whole: Frame[] = []
  for (const frame of frames) {
    const before = whole.at(-1)
    const isPiece = frame.kind === 'data' && before?.kind === 'data'
    if (isPiece) whole[whole.length - 1] = { kind: 'data', bytes: Buffer.concat([before.bytes, frame.bytes]) }
    else whole.push(frame)
  }
  return whole.filter(frame => frame.kind === 'word' || frame.bytes.length > 0)
}

const anyFrame = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes): Frame => ({ kind: 'data', bytes: Buffer.from(bytes) })),
  fc.record({ failed: fc.string() }).map((word): Frame => ({ kind: 'word', word })),
)

test('frames arrive as they were sent, however the network cuts them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyFrame, { maxLength: 8 }), fc.integer({ min: 1, max: 50 }), async (frames, size) => {
      const whole = await bytesOf(frames)
      const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) =>
        whole.subarray(index * size, (index + 1) * size),
      )
      expect(joined(await framesIn(pieces))).toEqual(joined(frames))
    }),
    { numRuns: 50 },
  )
})

test('a channel that ends within a frame was lost', async () => {
  const whole = await bytesOf([{ kind: 'data', bytes: Buffer.alloc(20) }])
  await expect(framesIn([whole.subarray(0, 15)])).rejects.toMatchObject({ kind: 'unreachable' })
})

test('data are passed on as they come, without waiting for the rest of their frame', async () => {
  const [head, body] = [Buffer.from([1, 0, 0, 0, 9]), Buffer.from('123456789')]
  const pieces = [Buffer.concat([head, body.subarray(0, 2)]), body.subarray(2, 5), body.subarray(5)]
  const frames = await framesIn(pieces)
  expect(frames.map(frame => frame.kind === 'data' && frame.bytes.toString())).toEqual(['12', '345', '6789'])
})

test('what is no frame of ours is refused', async () => {
  await expect(framesIn([Buffer.from('GET / HTTP/1.1\r\n')])).rejects.toMatchObject({ kind: 'unintelligible' })
  const huge = Buffer.from([1, 0xff, 0xff, 0xff, 0xff])
  await expect(framesIn([huge])).rejects.toMatchObject({ kind: 'unintelligible' })
})
