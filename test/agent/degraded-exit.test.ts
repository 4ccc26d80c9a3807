import { expect, test } from 'vitest'
import { exitOf, isDegraded } from '../../agent/degraded-exit.ts'
import { OCF } from '../../agent/exit-code.ts'

const recurring = (featureSet?: string) => ({ featureSet, intervalMs: 3000 })

test.each([
  ['3.16.2', OCF.DEGRADED_PROMOTED],
  ['3.19.7', OCF.DEGRADED_PROMOTED],
  ['3.20.0', OCF.RUNNING_PROMOTED],
  ['4.0.0', OCF.RUNNING_PROMOTED],
  [undefined, OCF.DEGRADED_PROMOTED],
])('a recurring monitor under feature set %s ends with %i where it is degraded for long', (featureSet, exit) => {
  expect(exitOf(OCF.DEGRADED_PROMOTED, true, recurring(featureSet))).toBe(exit)
})
test('what does not last is not told', () => {
  expect(exitOf(OCF.DEGRADED, false, recurring('3.16.2'))).toBe(OCF.SUCCESS)
})
test('a probe tells it everywhere', () => {
  expect(exitOf(OCF.DEGRADED, true, { featureSet: '3.20.0', intervalMs: 0 })).toBe(OCF.DEGRADED)
})
test('every other code stays as it is', () => {
  expect(exitOf(OCF.NOT_RUNNING, false, recurring('3.20.0'))).toBe(OCF.NOT_RUNNING)
  expect([OCF.SUCCESS, OCF.RUNNING_PROMOTED, OCF.NOT_RUNNING].some(isDegraded)).toBe(false)
})
