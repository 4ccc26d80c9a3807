import { expect, test } from 'vitest'
import { BufferBytes, fixture } from '../lib/mysql/binary-log-fixtures.ts'
import { collectRuns, readOrigins } from './log-runs.ts'

const origins = (flavour: 'mysql' | 'mariadb') => [
  ...readOrigins(new BufferBytes(fixture(flavour, 'mysql-bin.000002'))),
]

test("MySQL's commits are told to the microsecond", () => {
  expect(origins('mysql')[0]).toEqual({ key: '3e11fa47-71ca-11e1-9e33-c80aa9429562', at: 1795226150435.991 })
})

test("MariaDB's commits are told to the second, with the server that the client wrote to", () => {
  expect(origins('mariadb')).toEqual([
    { key: '0-1', at: 1795226162000 },
    { key: '0-9', at: 1795226162000 },
    { key: '7-1', at: 1795226162000 },
  ])
})

const seconds = (...times: readonly (readonly [key: string, second: number])[]) =>
  times.map(([key, second]) => ({ key, at: second * 1000 }))

const nodeOf = (key: string) => ({ '0-1': 'alpha', '0-2': 'beta' })[key] ?? key

test('successive transactions of one server are a run, and the next server begins another', () => {
  const log = seconds(['0-1', 1], ['0-1', 2], ['0-2', 5], ['0-1', 8])
  expect(collectRuns('gamma', log, 0, nodeOf)).toEqual([
    { log: 'gamma', origin: 'alpha', first: 1000, last: 2000, transactions: 2 },
    { log: 'gamma', origin: 'beta', first: 5000, last: 5000, transactions: 1 },
    { log: 'gamma', origin: 'alpha', first: 8000, last: 8000, transactions: 1 },
  ])
})

test('a run lasts from its earliest to its latest commit, whatever the order in the log', () => {
  const [run] = collectRuns('gamma', seconds(['0-1', 3], ['0-1', 1], ['0-1', 2]), 0, nodeOf)
  expect(run).toMatchObject({ first: 1000, last: 3000 })
})

test('what is older than the load does not count', () => {
  const runs = collectRuns('gamma', seconds(['0-2', 1], ['0-1', 4], ['0-1', 5]), 4000, nodeOf)
  expect(runs).toEqual([{ log: 'gamma', origin: 'alpha', first: 4000, last: 5000, transactions: 2 }])
})

test('a server that nobody knows keeps the name that the log has for it', () => {
  expect(collectRuns('gamma', seconds(['0-9', 1]), 0, nodeOf)).toMatchObject([{ origin: '0-9' }])
})
