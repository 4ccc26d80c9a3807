import { once } from 'node:events'
import { expect, test } from 'vitest'
import { call, channelKey, hangUp, listen } from '../../../lib/seed/channel.ts'
import { Deadline } from '../../../lib/system/deadline.ts'

const soon = () => Deadline.in(20_000)

/** Keys are made to cost time, and a busy machine has none. */
const PATIENT = { timeout: 60_000 }

test('both ends with one secret talk, encrypted and with keys of this one time', PATIENT, async () => {
  const key = await channelKey('a password', '1')
  const listener = await listen(0, key)
  const [near, far] = await Promise.all([listener.accept(soon()), call('127.0.0.1', listener.port, key, soon())])
  expect(far.getProtocol()).toBe('TLSv1.3')
  expect(far.getEphemeralKeyInfo()).toMatchObject({ type: expect.stringMatching(/DH|Group/) })
  far.end('here I am')
  const [said] = await once(near, 'data')
  expect(String(said)).toBe('here I am')
  listener.close()
})

test('an end with another secret is turned away, and the right one comes in after it', PATIENT, async () => {
  const key = await channelKey('a password', '1')
  const listener = await listen(0, key)
  for (const wrong of [await channelKey('another', '1'), await channelKey('a password', '2')]) {
    await expect(call('127.0.0.1', listener.port, wrong, soon())).rejects.toMatchObject({ kind: 'denied' })
  }
  const [near, far] = await Promise.all([listener.accept(soon()), call('127.0.0.1', listener.port, key, soon())])
  expect(near.encrypted && far.encrypted).toBe(true)
  far.destroy()
  listener.close()
})

test('nobody waits for ever', PATIENT, async () => {
  const key = await channelKey('a password', '1')
  const listener = await listen(0, key)
  await expect(listener.accept(Deadline.in(50))).rejects.toMatchObject({ kind: 'timed-out' })
  listener.close()
  await expect(call('127.0.0.1', listener.port, key, soon())).rejects.toMatchObject({ kind: 'unreachable' })
})

test('an end hangs up when the other has taken everything', PATIENT, async () => {
  const key = await channelKey('a password', '1')
  const listener = await listen(0, key)
  const [near, far] = await Promise.all([listener.accept(soon()), call('127.0.0.1', listener.port, key, soon())])
  far.write(Buffer.alloc(8_000_000))
  const hungUp = hangUp(far, soon())
  let taken = 0
  for await (const bytes of near) {
    taken += bytes.length
    if (taken === 8_000_000) break
  }
  await hungUp
  expect(taken).toBe(8_000_000)
  await hangUp(far, soon())
  listener.close()
})
