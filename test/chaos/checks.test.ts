import { expect, test } from 'vitest'
import { CHECKS, runChecks } from './checks.ts'
import type { Facts } from './facts.ts'
import { ALPHA, attempt, BETA, GOOD, red, withAlpha, withBeta } from './good-facts.ts'

test('a failover that lost nothing is green in every check', () => {
  const results = runChecks(GOOD)
  expect(results.filter(({ ok }) => !ok)).toEqual([])
  expect(results.map(({ name }) => name)).toEqual(CHECKS.map(({ name }) => name))
})

test.each<[string, Partial<Facts>, RegExp]>([
  [
    'an acknowledged write that the source lacks',
    withBeta({ rows: new Set([...ALPHA.rows].slice(1)) }),
    /^nothing lost: beta lacks 1 acknowledged transactions: a\.1:1$/,
  ],
  [
    'half a transaction on the source',
    withBeta({ rows: ALPHA.rows.difference(new Set(['a.1:4'])) }),
    /^nothing lost: .*beta holds parts of 1 transactions: a\.1:3$/,
  ],
  [
    'a transaction on the source that its client never committed',
    withBeta({ rows: new Set([...ALPHA.rows, 'a.1:6']) }),
    /^nothing lost: beta holds 1 transactions that nobody committed: a\.1:6$/,
  ],
  [
    'a row on the source that nobody sent',
    withBeta({ rows: new Set([...ALPHA.rows, 'x:1']) }),
    /^nothing lost: beta holds 1 rows that nobody sent: x:1$/,
  ],
  ['rows of earlier loads that are gone', withBeta({ earlierRows: 5 }), /^nothing lost: beta has 5 rows .*, not 7$/],
  [
    'a large value without its rows',
    withBeta({ payloads: [{ writer: 'a.1', sequence: 8, lastSequence: 5 }] }),
    /^nothing lost: beta holds the large value that belongs to a\.1:8 beside row a\.1:5$/,
  ],
  ['no source', { after: '', expects: {} }, /^nothing lost: there is no source/],
  ['a load that nobody acknowledged', { attempts: [] }, /^nothing lost: .*no transaction was acknowledged at all$/],
  [
    'a source that nobody can look at',
    { nodes: [ALPHA, { node: 'beta', unreadable: 'the power is off' }] },
    /^nothing lost: beta is the source and cannot be looked at: the power is off$/,
  ],
  [
    'an acknowledged write that a replica lacks',
    withAlpha({ rows: new Set([...BETA.rows].slice(1)) }),
    /^same data everywhere: alpha lacks 1 acknowledged transactions: a\.1:1$/,
  ],
  [
    'a table that differs',
    withAlpha({ tables: new Map([['lab.writes', '43']]) }),
    /^same data everywhere: alpha has lab\.writes with checksum 43, beta 42$/,
  ],
  [
    'a table that only one node has',
    withAlpha({ tables: new Map([...BETA.tables, ['lab.own', '1']]) }),
    /^same data everywhere: alpha has lab\.own with checksum 1, beta undefined$/,
  ],
  [
    'a transaction that only one node executed',
    withAlpha({ executed: '0-1-21,0-2-30' }),
    /^same data everywhere: alpha executed 0-1-21,0-2-30, but beta 0-1-20,0-2-30$/,
  ],
  [
    'a node that nobody can look at',
    { nodes: [{ node: 'alpha', unreadable: 'the power is off' }, BETA] },
    /^same data everywhere: alpha: the power is off$/,
  ],
  [
    'a node in quarantine that need not be',
    withAlpha({ quarantine: 'it has transactions of its own' }),
    /^quarantine where it must be: alpha is in quarantine: it has/,
  ],
  [
    'a node that must be in quarantine and is not',
    { expects: { quarantined: ['alpha'] } },
    /^quarantine where it must be: alpha is not in quarantine, but must be$/,
  ],
  [
    'a quarantine without a reason',
    { ...withAlpha({ quarantine: '' }), expects: { quarantined: ['alpha'] } },
    /^quarantine where it must be: alpha is in quarantine without a reason$/,
  ],
  ['a second writable server', withAlpha({ writable: true }), /^only the source is writable: alpha is writable$/],
  ['a source that nobody can write to', withBeta({ writable: false }), /^only the source is writable: beta is the sou/],
  ['a cluster that did not heal', { healthyMs: null }, /^healthy by itself: the cluster did not become healthy/],
  ['a source that did not move', { before: 'beta' }, /^healthy by itself: beta is still the source$/],
  ['a source that moved', { expects: { source: 'stays' } }, /^healthy by itself: beta is the source, not alpha$/],
  ['fencing without need', { fenced: ['alpha'] }, /^no needless fencing: fenced needlessly: alpha$/],
  [
    'fencing twice where once is right',
    { fenced: ['alpha', 'alpha'], expects: { fenced: ['alpha'] } },
    /^no needless fencing: fenced needlessly: alpha$/,
  ],
  [
    'a failed action that the cluster does not forget',
    { failedActions: ['db_promote_0 on alpha: error'] },
    /^no failed action left over: db_promote_0 on alpha: error$/,
  ],
])('%s turns one check red', (_, change, sentence) => {
  expect(red(change)).toContainEqual(expect.stringMatching(sentence))
})

test('a replica in quarantine that must be there may hold what it wants', () => {
  const facts = { ...withAlpha({ quarantine: 'own transactions', executed: '0-1-99', tables: new Map() }) }
  expect(red({ ...facts, expects: { quarantined: ['alpha'] } })).toEqual([])
})

test('fencing and failed actions that the fault is reason for are right', () => {
  const failedActions = ['db_monitor_3000 on alpha: not running']
  const expects = { fenced: ['alpha'], leftOver: /^db_monitor/ }
  expect(red({ fenced: ['alpha'], failedActions, expects })).toEqual([])
})

const failed = (error: string) => ({ attempts: [...GOOD.attempts, { ...attempt('a.1:9', 0, 'alpha'), error }] })

test('where nothing broke, a client sees dropped connections and read-only refusals only', () => {
  const planned = { expects: { planned: true } }
  expect(red({ ...failed('ER_OPTION_PREVENTS_STATEMENT 1290 --read-only'), ...planned })).toEqual([])
  expect(red({ ...failed('ER_LOCK_DEADLOCK 1213 Deadlock found'), ...planned })).toEqual([
    'harmless errors only: 1 times: ER_LOCK_DEADLOCK 1213 Deadlock found',
  ])
  expect(red(failed('ER_LOCK_DEADLOCK 1213 Deadlock found'))).toEqual([])
})
