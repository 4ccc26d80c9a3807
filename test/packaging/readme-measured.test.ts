import { expect, test } from 'vitest'
import type { FailoverRun, GapRun, Measurement } from '../../packaging/measurement.ts'
import { failoverTable, gapTable } from '../../packaging/readme-measured.ts'

const measured = <Run>(engine: string, runs: readonly Run[]): Measurement<Run> => ({
  date: '2026-11-21',
  engine,
  versions: { server: '10.11.19', pacemaker: '2.1.5' },
  runs,
})

const RUN: FailoverRun = {
  agent: 'heir:mysql',
  fault: 'kill-source',
  before: 'node1',
  after: 'node2',
  gapMs: 3000,
  acknowledged: 1000,
  lost: 0,
  returned: true,
  differing: [],
}

const rowOf = (table: string, start: string) => table.split('\n').find(line => line.startsWith(`| ${start}`)) ?? ''

test('a cell has the median gap, and nothing else when nothing went wrong; what nobody measured has no row', () => {
  const runs = [RUN, { ...RUN, gapMs: 5000 }, { ...RUN, gapMs: 4000 }]
  const row = rowOf(failoverTable([measured('mariadb-10.11', runs)]), 'mariadb-10.11 | `kill')
  expect(
    failoverTable([measured('mariadb-10.11', runs)])
      .trim()
      .split('\n'),
  ).toHaveLength(3)
  expect(row).toMatch(/ \| 4\.0 s \(3\.0–5\.0\) \| – \| – \|$/)
})

test('losses are told run by run, and how often the old primary and the data were not as before', () => {
  const bad = { ...RUN, lost: 418, returned: false, differing: ['node1'] }
  const never = { ...bad, gapMs: null, after: '', lost: null }
  expect(rowOf(failoverTable([measured('m', [bad, RUN])]), 'm | `kill')).toContain(
    '**418, 0 lost**; old primary not back (1 of 2); data differ (1 of 2)',
  )
  expect(rowOf(failoverTable([measured('m', [never])]), 'm | `kill')).toContain('∞ s; old primary')
})

test('the gap is told in its parts, one column for each fault of each engine', () => {
  const run: GapRun = { fault: 'kill-source', gapMs: 900, parts: { promote: 300 }, promote: {}, shareMs: 250 }
  const table = gapTable([measured('mariadb-10.11', [run, { ...run, fault: 'switchover', parts: { demote: 70 } }])])
  expect(table).toContain('| milliseconds | mariadb-10.11: `kill -9` | mariadb-10.11: hand-over |')
  expect(table).toContain('| promote | 300 | 0 |')
  expect(table).toContain('| demote | 0 | 70 |')
})
