import { expect, test } from 'vitest'
import { BLANK } from '../../../cib/memory.ts'
import { BOOT, record, registration } from '../situations.ts'
import { alone, beta, cold, first, other, plan, published, reign, solitary, steps } from './pairs.ts'

test('one that may have lost its own writes with its power waits for the other one, or for a person', () => {
  const doubtful = { memory: reign({ record: record({ node: 'alpha', epoch: 3, boot: 'another', synced: false }) }) }
  expect(plan('promote', solitary(doubtful)).because).toMatch(
    /alpha may have lost with its power what it acknowledged: bring beta back/,
  )
  const acceptedLoss = { epoch: 7, node: 'alpha' }
  expect(steps('promote', solitary({ ...doubtful, pair: other({ acceptedLoss }) }))).toContain('open-writes')
})

test('the other one is no help where it may have lost what it acknowledged as well', () => {
  const lost = record({ node: 'alpha', epoch: 3, boot: 'another', synced: false })
  const back = (boot: string) => ({
    notification: cold,
    source: beta('1-10', '1-10', { writable: false }),
    peers: published('1-10', '1-10'),
    memory: reign({ record: lost, registrations: new Map([['beta', registration({ epoch: 3, boot })]]) }),
  })
  expect(steps('promote', solitary(back(BOOT))).at(-1)).toBe('open-writes')
  const { because, steps: none } = plan('promote', solitary(back('an earlier one')))
  expect(because).toMatch(/alpha may have lost with its power what it acknowledged, and so may beta: accept the loss/)
  expect(none).toEqual([])
})

test('one that has not met the other one does not go by what it remembers', () => {
  expect(plan('promote', solitary({ unmet: 'beta' })).because).toMatch(/has not met beta/)
})

test.each([
  ['has taken writes alone', reign()],
  ['knows of nobody who has taken writes', BLANK],
])('one that %s, and has not met the other one since it booted, may not know what became since', (_what, memory) => {
  const seen = { ...first('1-9', '1-9'), notification: alone, peers: [], unmet: 'beta', memory }
  expect(plan('promote', seen).because).toMatch(/has not met beta.*may be old: bring beta back/)
  expect(steps('promote', seen)).toEqual([])
})
