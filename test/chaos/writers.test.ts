import { expect, test } from 'vitest'
import { ALPHA, AT, attempt, BETA, GOOD, RUNS, red, run, withAlpha } from './good-facts.ts'

test('two servers that acknowledge by turns are two writers', () => {
  const attempts = [...GOOD.attempts, attempt('a.1:9', 7000, 'alpha')]
  const nodes = [ALPHA, BETA].map(node => ({ ...node, rows: new Set([...node.rows, 'a.1:9']) }))
  expect(red({ attempts, nodes })).toEqual([
    'one server acknowledged at a time: 3 turns with 1 promotions in between: alpha (2), beta (1), alpha (1)',
  ])
})

test('what an answer says that was long on its way is no second writer', () => {
  const late = { ...attempt('a.1:2', 1000, 'alpha'), end: AT + 9000 }
  expect(red({ attempts: GOOD.attempts.with(1, late) })).toEqual([])
})

test('two servers that wrote at the same time are two writers, whoever was told', () => {
  const runs = [...RUNS, run('beta', 'beta', 900, 6000)]
  expect(red({ runs })).toEqual([
    expect.stringMatching(
      /^one server wrote at a time: alpha \(log of alpha\) and beta \(log of beta\) both wrote from \S+T00:00:00.900Z to \S+T00:00:01.000Z/,
    ),
  ])
})

test("within a second of MariaDB's times nobody can tell two writers from a quick hand-over", () => {
  expect(red({ flavour: 'mariadb', runs: [...RUNS, run('beta', 'beta', 100, 6000)] })).toEqual([])
  expect(red({ flavour: 'mariadb', runs: [...RUNS, run('beta', 'beta', 0, 6000)] })).toHaveLength(1)
})

test('what a node wrote alone is no second writer where it has to be in quarantine for it, and is where it has not', () => {
  const runs = [...GOOD.runs, run('alpha', 'alpha', 5000, 5000)]
  const quarantine = withAlpha({ quarantine: 'own transactions' })
  expect(red({ ...quarantine, runs, expects: { quarantined: ['alpha'] } })).toEqual([])
  expect(red({ ...quarantine, runs })).toContainEqual(expect.stringMatching(/^one server wrote at a time: /))
})

test('one log in which two servers take turns shows two writers', () => {
  const runs = [...GOOD.runs, run('beta', 'alpha', 7000, 8000)]
  expect(red({ runs })).toEqual([
    'one server wrote at a time: the log of beta has 3 turns with 1 promotions in between: alpha (2), beta (2), alpha (2)',
  ])
})

test('a log that shows nothing was not read', () => {
  expect(red({ runs: RUNS.slice(0, 2) })).toEqual([
    'one server wrote at a time: the binary logs of beta show no transaction since the load began',
  ])
})
