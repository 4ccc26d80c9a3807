import { expect, test } from 'vitest'
import { failoverTable } from './failover-table.ts'

const run = {
  agent: 'heartbeat:mysql',
  fault: 'one-way-3',
  before: 'node1',
  after: 'node2',
  gapMs: 5000,
  acknowledged: 1000,
  lost: 0,
  returned: true,
  differing: [],
}

test('a row has the median of the gaps, every loss, and how often all was well again', () => {
  const bad = { ...run, gapMs: 7000, lost: 418, returned: false, differing: ['node1'] }
  const [, row] = failoverTable([run, bad, { ...run, gapMs: 6000 }]).split('\n')
  expect(row).toMatch(/6\.0 \(5\.0–7\.0\) +0, 418, 0 +2 of 3 +2 of 3$/)
})

test('writes that did not come back are longer than any gap, and no number', () => {
  const never = { ...run, after: '', gapMs: null, lost: null, returned: false, differing: ['node1', 'node2', 'node3'] }
  const [, row] = failoverTable([never, run, never]).split('\n')
  expect(row).toMatch(/no end \(5\.0–no end\) +\?, 0, \? /)
})
