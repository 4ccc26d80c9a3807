import { XMLValidator } from 'fast-xml-parser'
import { expect, test } from 'vitest'
import type { EngineRun } from './engine-run.ts'
import { reportPicture } from './report-picture.ts'
import { reportText } from './report-text.ts'
import { tally } from './tally.ts'
import type { FaultOutcome } from './types.ts'

const GREEN: FaultOutcome = {
  fault: 'kill-source',
  title: "kill -9 of the primary's server",
  engine: 'mysql-9.7',
  at: Date.UTC(2026, 0, 1),
  before: 'alpha',
  after: 'beta',
  gapMs: 4100,
  lost: 0,
  unacknowledged: 3,
  healthyMs: 21_000,
  fenced: [],
  checks: [{ name: 'nothing lost', ok: true, detail: 'all there' }],
  log: '',
}

const LOSSY: FaultOutcome = {
  ...GREEN,
  fault: 'off-source',
  title: 'power off of the primary',
  lost: 418,
  checks: [{ name: 'nothing lost', ok: false, detail: 'beta lacks 418 acknowledged transactions' }],
}

/** The cluster never came back, and nobody could look at its data. */
const DEAD: FaultOutcome = {
  ...LOSSY,
  gapMs: null,
  lost: null,
  healthyMs: null,
  checks: [{ name: 'healthy by itself', ok: false, detail: 'the cluster did not become healthy in time' }],
}

const run = (...outcomes: readonly FaultOutcome[]): EngineRun => ({
  engine: 'mysql-9.7',
  at: Date.UTC(2026, 0, 1),
  seed: '7',
  versions: { server: '9.7.4', pacemaker: '3.0.3', corosync: '3.1.10', heir: '0.1.0' },
  outcomes,
})

const MARIADB: EngineRun = { ...run({ ...GREEN, engine: 'mariadb-11.8' }), engine: 'mariadb-11.8' }

const text = (...runs: readonly EngineRun[]) => reportText(runs, 'chaos.svg')

test('the report has a cell for each fault and engine, with gap, losses and health', () => {
  expect(text(run(GREEN))).toContain(
    "| `kill-source` | kill -9 of the primary's server | 4.1 s, lost 0, healthy after 21.0 s |",
  )
})

test('the report says when it was made, and with what', () => {
  expect(text(run(GREEN))).toContain('| mysql-9.7 | 2026-01-01 | 9.7.4 | 3.0.3 | 3.1.10 | 0.1.0 | `7` |')
})

test('the report sums up rows and losses', () => {
  expect(text(run(GREEN, LOSSY))).toContain('2 rows, 1 green, 1 red; acknowledged transactions lost: 418.')
})

test('a row that could not be judged is not counted as no loss', () => {
  const report = text(run(GREEN, DEAD))
  expect(report).toContain('acknowledged transactions lost: 0, unknown in 1 rows.')
  expect(report).toContain('**RED** no write afterwards, lost unknown, not healthy')
})

test('a red row is marked, and says which check failed and why', () => {
  const report = text(run(GREEN, LOSSY))
  expect(report).toContain('| power off of the primary | **RED** 4.1 s, lost 418, healthy after 21.0 s |')
  expect(report).toContain('- mysql-9.7, power off of the primary\n  - nothing lost: beta lacks 418')
})

test('a report without red rows speaks of none', () => {
  expect(text(run(GREEN))).not.toMatch(/What is red|RED/)
})

test('a row without any check is not green', () => {
  expect(text(run({ ...GREEN, checks: [] }))).toContain('1 rows, 0 green, 1 red')
})

test('a fault that an engine was not put through is named so', () => {
  expect(text(MARIADB, run(LOSSY))).toContain('| power off of the primary | not run | **RED** 4.1 s')
})

test('a run at random is summed up in one line of its own, with what it was drawn by', () => {
  const random = { ...run(GREEN, LOSSY), minutes: 60, parameters: ['durability=strict', 'acks=2'] }
  const report = text(MARIADB, random)
  expect(report).toContain('| mysql-9.7-random-strict-2 | 2026-01-01 | 9.7.4 | 3.0.3 | 3.1.10 | 0.1.0 | `7` |')
  expect(report).toContain(
    '| mysql-9.7-random-strict-2 | 60 | 2 | 1 | 1 | 0 | 4.1 s (most 4.1 s) | lost 418 | healthy after 21.0 s |',
  )
  expect(report).toContain('| fault | what happens | mariadb-11.8 |')
})

test('rows of the same fault are summed up by their median and their worst', () => {
  const rows = [5000, 9000, 2000].map(gapMs => ({ ...GREEN, gapMs, healthyMs: 10 * gapMs }))
  expect(tally([...rows, LOSSY])).toMatchObject([
    { fault: 'kill-source', rows: 3, medianGapMs: 5000, longestGapMs: 9000, healthyMs: 90_000, green: 3 },
    { fault: 'off-source', rows: 1, lost: 418, green: 0 },
  ])
  expect(text(run(...rows))).toContain('| 3 times: 5.0 s (most 9.0 s), lost 0, healthy after 90.0 s |')
})

test('one row among others that never ended or could not be judged shows in the sum', () => {
  const dead = { ...DEAD, fault: GREEN.fault }
  expect(tally([GREEN, dead])).toMatchObject([{ withoutWrites: 1, unjudged: 1, unhealthy: 1, green: 1 }])
  expect(text(run(GREEN, dead))).toContain('**RED 1** 2 times: 4.1 s (most 4.1 s) (1 times for ever), lost unknown')
})

test('the picture is XML with a mark for each row, and says what was lost', () => {
  const svg = reportPicture([MARIADB, run(GREEN, LOSSY, DEAD)])
  expect(XMLValidator.validate(svg)).toBe(true)
  expect(svg.match(/<circle/g)).toHaveLength(4 + 2)
  expect(svg).toContain('lost 418')
  expect(svg).toContain('no write, lost ?')
})

test('the picture of a run without losses shows none', () => {
  expect(reportPicture([run(GREEN)]).replace('transactions lost: 0', '')).not.toMatch(/lost|no write/)
})
