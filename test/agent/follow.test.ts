import { expect, test } from 'vitest'
import type { Situation } from '../../agent/situation.ts'
import { decide } from '../../agent/transitions.ts'
import { gtids, memory, notification, record, replication, situation, unpromoted } from './situations.ts'

/** alpha, without a source, beside beta which answers what it executed. */
const stray = (change: Partial<Situation> = {}) =>
  situation({ instance: unpromoted(), source: { answers: true, executed: gtids('1-20') }, ...change })
const steps = (deed: 'start' | 'post-promote' | 'monitor', change: Partial<Situation> = {}) =>
  decide(deed, stray(change)).steps.map(step => step.do)
const FOLLOW = ['disarm-source', 'arm-replica', 'retract-holdings', 'follow']

test.each(['start', 'post-promote', 'monitor'] as const)('%s makes a replica follow the source', deed => {
  expect(steps(deed)).toEqual(FOLLOW)
})
test.each(['start', 'post-promote', 'monitor'] as const)('%s leaves a replica alone that follows already', deed => {
  expect(steps(deed, { instance: unpromoted({ replication: replication() }) })).toEqual([])
})
test.each(['start', 'post-promote', 'monitor'] as const)('%s does not hide transactions the source lacks', deed => {
  const plan = decide(deed, stray({ instance: unpromoted({ executed: gtids('1-21') }) }))
  expect(plan.steps.map(step => step.do)).toEqual(['quarantine'])
  expect(plan.because).toMatch(/alpha holds transactions that beta lacks: .*:21/)
})
test('a relay log that may be the last copy of something is not deleted', () => {
  const ahead = unpromoted({ replication: replication({ sourceHost: 'delta', received: gtids('1-21') }) })
  const plan = decide('post-promote', stray({ instance: ahead }))
  expect(plan.steps.map(step => step.do)).toEqual(['quarantine'])
  expect(plan.because).toMatch(/alpha holds transactions that beta lacks: .*:21/)
})
test('start waits where the recorded source is not promoted now', () => {
  expect(steps('start', { notification: notification({ demoting: ['beta'] }) })).toEqual([])
})
test('monitor leaves a receiver alone that an election holds still', () => {
  expect(steps('monitor', { frozen: true })).toEqual([])
})
test('monitor leaves a replica alone while the source does not answer', () => {
  expect(steps('monitor', { source: { answers: false, because: 'no route' } })).toEqual([])
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
  ).toEqual(['quarantine'])
})
