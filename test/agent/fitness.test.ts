import { expect, test } from 'vitest'
import { fitness } from '../../agent/fitness.ts'
import { SCORE } from '../../agent/score.ts'
import type { Situation } from '../../agent/situation.ts'
import {
  answering,
  gtids,
  memory,
  promoted,
  readers,
  record,
  replication,
  semiSync,
  situation,
  unpromoted,
} from './situations.ts'

const scoreOf = (change: Partial<Situation>) => fitness(situation(change)).score
const replica = (change: Partial<Parameters<typeof replication>[0]>) => ({
  instance: unpromoted({ replication: replication(change) }),
})

test.each([
  ['the source', { instance: promoted(), memory: memory({ record: record({ node: 'alpha' }) }) }, SCORE.source],
  ['a replica in step', {}, SCORE.candidate],
  ['a replica whose source is gone', replica({ receiver: 'connecting', lagSeconds: undefined }), SCORE.candidate],
  [
    'a replica whose receiver an election holds still',
    { ...replica({ receiver: 'stopped', receiverError: 'cannot connect (2003)' }), frozen: true },
    SCORE.candidate,
  ],
  [
    'a replica that its source refuses',
    {
      ...replica({ receiver: 'stopped', receiverError: 'purged (1236)' }),
      source: answering('1-20'),
    } as const,
    SCORE.trailing,
  ],
  ['a replica far behind', replica({ lagSeconds: 61 }), SCORE.trailing],
  [
    'the last source, not promoted',
    { instance: unpromoted(), memory: memory({ record: record({ node: 'alpha' }) }) },
    SCORE.formerSource,
  ],
  [
    'the last source, after a loss of power that its commits may not have survived',
    { instance: unpromoted(), memory: memory({ record: record({ node: 'alpha', boot: 'another', synced: false }) }) },
    SCORE.trailing,
  ],
  [
    'the last source, after a loss of power that its commits survived',
    { instance: unpromoted(), memory: memory({ record: record({ node: 'alpha', boot: 'another' }) }) },
    SCORE.formerSource,
  ],
  [
    'an instance before the first promotion',
    { instance: unpromoted(), memory: memory({ record: undefined }) },
    SCORE.fresh,
  ],
  ['a replica that runs a backup', { readers: readers({ backup: { state: 'held', because: '/lock' } }) }, SCORE.backup],
  ['a replica whose applier was stopped', replica({ applierRunning: false, lagSeconds: undefined }), SCORE.trailing],
  ['a replica whose applier failed', replica({ applierError: '1062 duplicate' }), SCORE.unfit],
  ['a writable instance that is not the source', { instance: promoted() }, SCORE.unfit],
  [
    'an instance with transactions of its own',
    {
      instance: unpromoted({ executed: gtids('1-30') }),
      source: answering('1-20'),
    } as const,
    SCORE.unfit,
  ],
  ['a stopped instance', { instance: { state: 'stopped' } } as const, undefined],
])('%s', (_who, change, score) => {
  expect(scoreOf(change)).toBe(score)
})

test.each([
  ['the source', promoted({ commitsSynced: false }), 'alpha'],
  ['a replica', unpromoted({ commitsSynced: false, replication: replication() }), 'beta'],
])('%s that may lose commits with its power is degraded, unless nothing is promised', (_who, instance, node) => {
  const seen = { instance, memory: memory({ record: record({ node }) }) }
  expect(fitness(situation(seen))).toMatchObject({ degraded: true, because: expect.stringContaining('sync_binlog=1') })
  expect(fitness(situation({ ...seen, durability: { mode: 'async', acks: 1 } })).degraded).toBe(false)
})
test('a source without any acker is degraded', () => {
  const lonely = situation({
    instance: promoted({ semiSync: semiSync({ sourceEnabled: true, replicaEnabled: false }) }),
    memory: memory({ record: record({ node: 'alpha' }) }),
  })
  expect(fitness(lonely).degraded).toBe(true)
})

const held = readers({ backup: { state: 'held', because: '/lock, process 7' } })
const stale = readers({ backup: { state: 'stale', because: '/lock is old: remove it' } })

test('a replica that runs a backup gives its readers away, and nobody has to look at it', () => {
  expect(fitness(situation({ readers: held }))).toMatchObject({
    readable: false,
    degraded: false,
    because: 'alpha runs a backup: /lock, process 7',
  })
})
test('a replica that runs a backup is promoted after one that trails', () => {
  expect(SCORE.backup).toBeLessThan(SCORE.trailing)
  expect(SCORE.backup).toBeGreaterThan(0)
})
test('a backup lock that was left behind changes nothing, and is explained', () => {
  expect(fitness(situation({ readers: stale }))).toMatchObject({
    score: SCORE.candidate,
    readable: true,
    degraded: true,
    because: 'alpha is in step with the source, and its backup lock is stale: /lock is old: remove it',
  })
})
test('the source keeps its score and its readers while a backup runs', () => {
  const source = { instance: promoted(), memory: memory({ record: record({ node: 'alpha' }) }) }
  expect(fitness(situation({ ...source, readers: held }))).toMatchObject({ score: SCORE.source, readable: true })
})
test('a replica whose data differ does not become fit by a backup', () => {
  const broken = replica({ applierError: 'duplicate (1062)', applierRunning: false })
  expect(fitness(situation({ ...broken, readers: held })).score).toBe(SCORE.unfit)
})

test('a replica that is past what its source held at the promotion, and lacks some of it, has skipped that for good', () => {
  const past = (intervals: string) => {
    const executed = gtids(intervals)
    return fitness(situation({ instance: unpromoted({ executed, replication: replication({ received: executed }) }) }))
  }
  expect(past('1-2:4-9')).toMatchObject({ score: SCORE.unfit, readable: false, degraded: true })
  expect(past('1-2:4-9').because).toMatch(
    /^alpha has skipped transactions of its source, .*:3; run heir seed --discard/,
  )
  for (const sound of ['1-9', '1-4', '1-2', '1-2:4']) expect(past(sound).score).toBe(SCORE.candidate)
})
test('a long error of the server keeps its code', () => {
  const applierError = `Coordinator stopped because ${'there were errors in the workers '.repeat(20)}(1062)`
  const { because } = fitness(situation(replica({ applierError, applierRunning: false })))
  expect(because).toMatch(/^alpha has an applier that stopped with an error: Coordinator .*… \(1062\)$/)
  expect(because.length).toBeLessThan(300)
})
