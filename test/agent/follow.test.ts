import { expect, test } from 'vitest'
import { OCF } from '../../agent/exit-code.ts'
import type { Situation } from '../../agent/situation.ts'
import { decide } from '../../agent/transitions.ts'
import { union } from '../../lib/mysql/gtid-set.ts'
import { parseMysqlGtidSet } from '../../lib/mysql/mysql-gtid-set.ts'
import {
  answering,
  gtids,
  memory,
  notification,
  OWN_UUID,
  record,
  replication,
  semiSync,
  situation,
  unpromoted,
} from './situations.ts'

/** alpha, without a source, beside beta which answers what it executed. */
const stray = (change: Partial<Situation> = {}) =>
  situation({ instance: unpromoted(), source: answering('1-20'), ...change })
const steps = (deed: 'start' | 'post-promote' | 'monitor', change: Partial<Situation> = {}) =>
  decide(deed, stray(change)).steps.map(step => step.do)
const FOLLOW = ['disarm-source', 'arm-replica', 'retract-holdings', 'follow']
const FOLLOW_ONLY = FOLLOW.with(1, 'disarm-replica')

test('post-promote makes a replica follow the source and acknowledge, which the source has registered', () => {
  expect(steps('post-promote')).toEqual(FOLLOW)
  expect(steps('post-promote', { memory: memory({ registrations: new Map() }) })).toEqual(FOLLOW_ONLY)
  expect(steps('post-promote', { boot: 'another' })).toEqual(FOLLOW)
  const unsynced = unpromoted({ relayLogSynced: false })
  expect(steps('post-promote', { boot: 'another', instance: unsynced })).toEqual(FOLLOW_ONLY)
})
test.each(['start', 'monitor'] as const)('%s makes a replica that was down follow, for now without its word', deed => {
  expect(steps(deed, { instance: unpromoted({ semiSync: semiSync({ replicaEnabled: false }) }) })).toEqual(FOLLOW_ONLY)
})
test('monitor lets a replica that acknowledged go on, where its post-promote was lost or is late', () => {
  expect(steps('monitor')).toEqual(FOLLOW)
})
test('post-promote makes a replica acknowledge that a monitor has made follow before', () => {
  const quiet = unpromoted({ replication: replication(), semiSync: semiSync({ replicaEnabled: false }) })
  expect(steps('post-promote', { instance: quiet })).toContain('register-acker')
})
test('monitor makes a replica acknowledge that follows: it gives its word before, even if the cluster has it', () => {
  const quiet = unpromoted({ replication: replication(), semiSync: semiSync({ replicaEnabled: false }) })
  const JOIN = ['await-transactions', 'register-acker', 'arm-replica', 'restart-receiver']
  expect(steps('monitor', { instance: quiet })).toEqual(JOIN)
  expect(steps('monitor', { instance: quiet, durability: { mode: 'async', acks: 1 } })).toEqual([])
  const closed = answering('1-20', { writable: false })
  expect(steps('monitor', { instance: quiet, frozen: true, source: closed })).toEqual([])
})
test('nobody gives its word anew to a source that takes no writes: what both have lost would count as never written', () => {
  const restarted = unpromoted({ replication: replication(), semiSync: semiSync({ replicaEnabled: false }) })
  const closed = answering('1-10', { writable: false })
  expect(steps('monitor', { instance: restarted, boot: 'another', source: closed })).toEqual([])
})
test('monitor puts an instance into quarantine that has written beside the source', () => {
  const own = unpromoted({
    replication: replication(),
    executed: union(gtids('1-10'), parseMysqlGtidSet(`${OWN_UUID}:1`)),
  })
  expect(steps('monitor', { instance: own })).toEqual(['quarantine', 'disarm-replica', 'stop-receiver'])
  expect(decide('monitor', stray({ instance: own })).next).toBe(OCF.DEGRADED)
})
test.each(['start', 'post-promote', 'monitor'] as const)('%s leaves a replica alone that follows already', deed => {
  expect(steps(deed, { instance: unpromoted({ replication: replication() }) })).toEqual([])
})
test.each(['start', 'post-promote', 'monitor'] as const)('%s does not hide transactions the source lacks', deed => {
  const plan = decide(deed, stray({ instance: unpromoted({ executed: gtids('1-21') }) }))
  expect(plan.steps.map(step => step.do)).toContain('quarantine')
  expect(plan.steps.map(step => step.do)).not.toContain('follow')
  expect(plan.because).toMatch(/alpha holds transactions that beta lacks: .*:21/)
})
test('a relay log that may be the last copy of something is not deleted', () => {
  const ahead = unpromoted({ replication: replication({ sourceHost: 'delta', received: gtids('1-21') }) })
  const plan = decide('post-promote', stray({ instance: ahead }))
  expect(plan.steps.map(step => step.do)).toContain('quarantine')
  expect(plan.steps.map(step => step.do)).not.toContain('follow')
  expect(plan.because).toMatch(/alpha holds transactions that beta lacks: .*:21/)
})
test('start waits where the recorded source is not promoted now', () => {
  expect(steps('start', { notification: notification({ demoting: ['beta'] }) })).toEqual([])
})
test('monitor leaves a receiver alone that an election holds still, until the recorded source takes writes', () => {
  const closed = answering('1-20', { writable: false })
  expect(steps('monitor', { frozen: true, source: closed })).toEqual([])
  expect(steps('monitor', { frozen: true })).toEqual(FOLLOW)
})
test('monitor leaves a replica alone while the source does not answer', () => {
  expect(steps('monitor', { source: { answers: false, because: 'no route', silent: true } })).toEqual([])
})
test('a replica without GTIDs follows from where the new source began, if it stands where that one stood', () => {
  const previous = { file: 'binlog.000007', position: 900 }
  const old = unpromoted({ replication: replication({ sourceHost: 'delta', byGtid: false }) })
  expect(
    steps('post-promote', { byGtid: false, instance: old, memory: memory({ record: record({ previous }) }) }),
  ).toEqual(FOLLOW)
  const other = { ...previous, position: 901 }
  expect(
    steps('post-promote', {
      byGtid: false,
      instance: old,
      memory: memory({ record: record({ previous: other }) }),
    }),
  ).toContain('quarantine')
})
test('start finishes the check of a cut that an earlier start did not get to', () => {
  const reason = 'the cut of /data/binlog.000002 at 1944 has not been checked yet; rebuild the data of alpha'
  const apart = { memory: memory({ record: record(), quarantines: new Map([['alpha', reason]]) }) }
  expect(decide('start', situation(apart)).steps).toEqual([
    { do: 'check-cut', cut: { file: '/data/binlog.000002', position: 1944 } },
  ])
  const other = new Map([['alpha', 'its engine may have committed what was cut from binlog.000002']])
  expect(steps('start', { memory: memory({ record: record(), quarantines: other }) })).toEqual([])
})
