import { expect, test } from 'vitest'
import { parseWayBack } from './way-back.ts'

const AT = new Date(2026, 10, 21, 18, 0, 0).getTime()
const line = (second: string, text: string) => `Nov 21 18:00:${second} node1 heir(db) [77] info: ${text}`

const STARTED = line('10.000', 'start: started; beta has been the source last (exit 0)')
const ACKNOWLEDGES = line('21.500', 'monitor: acknowledging commits of beta from now on')

test('what a source met first on its way back counts, and the time until it acknowledged', () => {
  const cut = line(
    '08.000',
    'start: node1 was the source and crashed; transactions that nobody acknowledged end its log',
  )
  const followed = line('09.000', 'start: following beta from now on')
  expect(parseWayBack([cut, followed, STARTED, ACKNOWLEDGES], AT)).toEqual({ rung: 'cut', backMs: 11_500 })
  expect(parseWayBack([followed, STARTED, ACKNOWLEDGES], AT)).toEqual({ rung: 'followed', backMs: 11_500 })
})
test('a source that is up before its successor is promoted is back when it follows that one', () => {
  const first = line('12.000', 'post-promote: following beta from now on (exit 0)')
  expect(parseWayBack([STARTED, first], AT)).toEqual({ rung: 'followed', backMs: 2000 })
  expect(parseWayBack([STARTED, first, ACKNOWLEDGES], AT)).toEqual({ rung: 'followed', backMs: 11_500 })
})
test('what was said before the fault does not count', () => {
  expect(parseWayBack([STARTED.replace('18:00', '17:59'), ACKNOWLEDGES], AT)).toBeUndefined()
})
test('a source that stays apart is not back', () => {
  const apart = line('09.000', 'start: node1 holds transactions that beta lacks: 0-1-101; run heir rejoin on node1')
  expect(parseWayBack([apart, STARTED], AT)).toEqual({ rung: 'kept apart', backMs: null })
})
