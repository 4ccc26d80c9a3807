import { expect, test } from 'vitest'
import { OCF } from '../../agent/exit-code.ts'
import type { Situation } from '../../agent/situation.ts'
import { decide } from '../../agent/transitions.ts'
import { answering, facts, memory, readers, replication, semiSync, situation, unpromoted } from './situations.ts'

const waiting = (ackers: number) => semiSync({ sourceEnabled: true, replicaEnabled: false, ackers, waitingSessions: 3 })
const stray = (change: Parameters<typeof replication>[0]) =>
  situation({
    instance: unpromoted({ replication: replication(change) }),
    source: answering('1-20'),
  })

test('a crowded server keeps the role that the same process had', () => {
  const crowded = (lastSeen: 'promoted' | 'unpromoted') =>
    decide('monitor', situation({ instance: { state: 'crowded', lastSeen } })).next
  expect(crowded('promoted')).toBe(OCF.DEGRADED_PROMOTED)
  expect(crowded('unpromoted')).toBe(OCF.DEGRADED)
})
test('monitor leaves replication alone that stopped with an error, and says so', () => {
  const plan = decide('monitor', stray({ applierRunning: false, applierError: 'duplicate key (1062)' }))
  expect(plan).toMatchObject({ steps: [], next: OCF.DEGRADED })
  expect(plan.because).toMatch(/1062/)
})
test('monitor starts an applier that somebody stopped, but not while a backup runs that may have', () => {
  const stopped = stray({ applierRunning: false, lagSeconds: undefined })
  const steps = (readers: Situation['readers']) => decide('monitor', { ...stopped, readers }).steps.map(step => step.do)
  expect(steps(readers())).toContain('follow')
  expect(steps(readers({ backup: { state: 'stale', because: '/lock' } }))).toContain('follow')
  expect(steps(readers({ backup: { state: 'held', because: '/lock' } }))).toEqual([])
})
test('a replica whose source is another one by now follows that one, backup or not', () => {
  const astray = stray({ sourceHost: 'gamma', applierRunning: false, lagSeconds: undefined })
  const plan = decide('monitor', { ...astray, readers: readers({ backup: { state: 'held', because: '/lock' } }) })
  expect(plan.steps.map(step => step.do)).toContain('follow')
})
test('a server that cannot be asked is killed: a shutdown could commit what nobody has acknowledged', () => {
  for (const instance of [
    { state: 'failed', because: 'hung' } as const,
    { state: 'crowded', lastSeen: undefined } as const,
  ]) {
    expect(decide('stop', situation({ instance })).steps).toEqual([{ do: 'stop-server', how: 'kill' }])
  }
})
test('a source whose commits wait in vain is killed, also when it is closed already', () => {
  const closed = { state: 'unpromoted', facts: facts({ semiSync: waiting(1) }) } as const
  const open = { state: 'promoted', facts: facts({ writable: true, semiSync: waiting(0) }) } as const
  for (const instance of [closed, open]) {
    expect(decide('stop', situation({ instance })).steps).toEqual([{ do: 'stop-server', how: 'kill' }])
  }
})
test('a replica of MySQL is not stopped in the middle of a transaction, for whose rest its applier would wait', () => {
  const steps = (change: object) =>
    decide('stop', situation({ instance: unpromoted({ replication: replication(), ...change }) })).steps
  expect(steps({}).map(step => step.do)).toEqual(['release-applier', 'stop-server'])
  expect(steps({ flavour: 'mariadb' }).map(step => step.do)).toEqual(['stop-server'])
})
test('a replica in an election drains what it may have forgotten to have received', () => {
  const restarted = unpromoted({ replication: replication({ receiver: 'stopped', applierRunning: false }) })
  const steps = decide('pre-promote', situation({ instance: restarted })).steps.map(step => step.do)
  expect(steps).toEqual(['stop-receiver', 'drain-relay-log', 'publish-holdings'])
})
test('an instance in quarantine is not promoted', () => {
  const plan = decide(
    'promote',
    situation({ memory: memory({ quarantines: new Map([['alpha', 'an unproven cut']]) }) }),
  )
  expect(plan).toMatchObject({ steps: [], next: OCF.ERR_GENERIC })
})
