import { expect, test } from 'vitest'
import { Gauge, progressBar, progressLine } from '../../../lib/seed/progress.ts'

const MB = 1e6
const copying = (doneBytes: number, totalBytes?: number) => ({ stage: 'copying', doneBytes, totalBytes })

test('it says the share, the rate over the last seconds and the time left', () => {
  const gauge = new Gauge()
  gauge.read(copying(0, 1000 * MB), 0)
  gauge.read(copying(10 * MB, 1000 * MB), 10_000)
  const reading = gauge.read(copying(210 * MB, 1000 * MB), 20_000)
  expect(reading).toMatchObject({ share: 0.21, bytesPerSecond: 20 * MB, secondsLeft: 39.5 })
  expect(progressLine(reading)).toBe('copying 21 %, 210 of 1000 MB, 20 MB/s, 0:40 left')
  expect(progressBar(reading)).toBe('[######........................] copying 21 %, 210 of 1000 MB, 20 MB/s, 0:40 left')
})

test('what is not over is not whole, however much there was more than estimated', () => {
  expect(new Gauge().read(copying(12 * MB, 10 * MB), 0)).toMatchObject({ share: 0.99, secondsLeft: undefined })
})

test('without a total it says what is done', () => {
  expect(progressLine(new Gauge().read(copying(12 * MB), 0))).toBe('copying, 12 MB, 0 MB/s')
})

test('another stage begins anew', () => {
  const gauge = new Gauge()
  gauge.read(copying(900 * MB, 1000 * MB), 0)
  const reading = gauge.read({ stage: 'preparing', doneBytes: 0, totalBytes: undefined }, 1000)
  expect(reading).toMatchObject({ bytesPerSecond: 0, share: undefined })
})
