import { describe, expect, test } from 'vitest'
import { fitness } from '../../agent/fitness.ts'
import { judgeRejoin, LADDER } from '../../agent/rejoin.ts'
import type { InstanceView, Situation } from '../../agent/situation.ts'
import { decide } from '../../agent/transitions.ts'
import type { Replication, ServerFacts } from '../../lib/mysql/server-facts.ts'
import { answering, facts, gtids, memory, OWN_UUID, record, replication, situation, unpromoted } from './situations.ts'

/** alpha, which executed 1-10 and follows nobody, and beta, the source, which executed 1-20. */
const subject = (change: Partial<Situation> = {}, own: Partial<ServerFacts> = {}) => ({
  ...situation({ source: answering('1-20'), ...change }),
  facts: facts(own),
  record: change.memory?.record ?? record(),
})
const judge = (...given: Parameters<typeof subject>) => judgeRejoin(subject(...given))
const others = (views: Record<string, InstanceView>) => new Map(Object.entries(views))
const gamma = (intervals: string, purged: string) =>
  answering(intervals, { writable: false, serverId: 3, serverUuid: 'gamma', purged: gtids(purged) })

test('the last rung always decides', () => {
  const nothing = subject({ source: undefined, memory: memory({ record: undefined }) })
  expect(LADDER.at(-1)?.judge(nothing)).toEqual({ say: 'follow' })
})
test('an instance that is equal or behind follows', () => {
  for (const source of ['1-10', '1-11', '1-500'])
    expect(judge({ source: answering(source) })).toEqual({ say: 'follow' })
})

describe('a server of the same name', () => {
  test.each([
    ['the source', { source: answering('1-20', { serverId: 1 }) }],
    ['a replica', { neighbours: others({ gamma: answering('1-20', { serverId: 1, serverUuid: 'gamma' }) }) }],
  ])('keeps an instance from following where it is %s', (_, change) => {
    const verdict = judge(change)
    expect(verdict).toMatchObject({
      say: 'barred',
      because: expect.stringContaining('both have the server_id 1: give'),
    })
  })
  test('is known by its server_uuid as well', () => {
    const verdict = judge({ source: answering('1-20', { serverUuid: OWN_UUID }) })
    expect(verdict).toMatchObject({ say: 'barred', because: expect.stringContaining('delete auto.cnf') })
  })
  test('counts before transactions that only look like the instance’s own', () => {
    const twin = { source: answering('1-20', { serverUuid: OWN_UUID }) }
    const own = decide('monitor', { ...subject(twin), instance: unpromoted({ executed: gtids('1-30') }) })
    expect(own.steps).toEqual([])
    expect(own.because).toMatch(/^alpha cannot follow the source: alpha and beta both have the server_uuid/)
  })
  test('two servers without uuids are not twins', () => {
    const mariadb = answering('1-20', { serverUuid: undefined })
    expect(judge({ source: mariadb }, { serverUuid: undefined })).toEqual({ say: 'follow' })
  })
})

describe('purged binary logs', () => {
  const source = answering('1-20', { purged: gtids('1-15') })

  test('that the instance does not need are none of its business', () => {
    expect(judge({ source: answering('1-20', { purged: gtids('1-10') }) })).toEqual({ say: 'follow' })
  })
  test('are fetched from a replica that still has them', () => {
    const neighbours = others({ delta: gamma('1-20', '1-11'), gamma: gamma('1-18', '1-9') })
    expect(judge({ source, neighbours })).toMatchObject({ say: 'fetch', from: 'gamma' })
    const plan = decide('monitor', { ...subject({ source, neighbours }), instance: unpromoted() })
    expect(plan.steps.map(step => step.do)).toEqual([
      ...['disarm-source', 'disarm-replica', 'retract-holdings', 'follow-replica'],
    ])
  })
  test('are fetched from where they are fetched already, and from the source once it has the rest', () => {
    const neighbours = others({ gamma: gamma('1-18', ''), delta: gamma('1-19', '') })
    const fetching = { ...subject({ source, neighbours }), instance: following('gamma') }
    expect(decide('monitor', fetching)).toMatchObject({ steps: [], next: 0 })
    expect(fitness(fetching)).toMatchObject({ score: 100, readable: false, degraded: false })
    const received = { ...fetching, instance: following('gamma', { received: gtids('1-18') }) }
    expect(decide('monitor', received)).toMatchObject({ steps: [], because: expect.stringContaining('fetches') })
    const caughtUp = decide('monitor', { ...fetching, instance: following('gamma', {}, '1-15') })
    expect(caughtUp.steps.at(-1)).toMatchObject({ do: 'follow' })
  })
  test.each([
    ['takes writes', gamma('1-18', ''), { writable: true }],
    ['has too little of what the source has purged', gamma('1-14', ''), {}],
    ['holds what the source lacks', gamma('1-21', ''), {}],
    ['does not say what it has purged', gamma('1-18', ''), { purged: undefined }],
  ])('are not fetched from one that %s', (_, view, change) => {
    expect(judge({ source, neighbours: others({ gamma: { ...view, ...change } }) }).say).toBe('barred')
  })
  test('are not fetched from one in quarantine, nor from one that has refused', () => {
    const neighbours = others({ gamma: gamma('1-18', '') })
    const quarantines = new Map([['gamma', 'an unproven cut']])
    expect(judge({ source, neighbours, memory: memory({ quarantines }) }).say).toBe('barred')
    const refused = { receiver: 'stopped', receiverError: 'the source purged required binary logs (13114)' } as const
    expect(judge({ source, neighbours }, { replication: replication({ ...refused, sourceHost: 'gamma' }) }).say).toBe(
      'barred',
    )
  })
  test('are no matter while received transactions wait to be applied after a restart', () => {
    const restarted = replication({ receiver: 'stopped', applierRunning: false })
    expect(judge({ source }, { replication: restarted })).toEqual({ say: 'follow' })
    const received = replication({ receiver: 'stopped', received: gtids('1-15') })
    expect(judge({ source }, { replication: received })).toEqual({ say: 'follow' })
  })
  test('that nobody has call for a rebuild, by hand or by the parameter', () => {
    expect(judge({ source })).toMatchObject({
      say: 'barred',
      because: expect.stringContaining('run heir seed on alpha'),
    })
    expect(judge({ source, onDiverged: 'reseed' }).say).toBe('reseed')
  })
  test('show by the receiver’s error where the source does not tell', () => {
    const unsaid = answering('1-20', { purged: undefined })
    const refused = { receiver: 'stopped', receiverError: 'required binlog files have been purged. (1236)' } as const
    expect(judge({ source: unsaid }, { replication: replication(refused) }).say).toBe('barred')
    expect(judge({ source: unsaid }, { replication: replication() }).say).toBe('follow')
    expect(decide('monitor', { ...subject({ source: unsaid }), instance: following('beta', refused) }).because).toMatch(
      /needs binary logs that beta has purged/,
    )
  })
})

describe('data that differ', () => {
  const own = { executed: gtids('1-21') }

  test('are kept apart, with a reason that names the remedy', () => {
    expect(judge({}, own)).toMatchObject({
      say: 'quarantine',
      because: expect.stringMatching(/alpha holds transactions that beta lacks: .*:21; run heir rejoin on alpha/),
    })
  })
  test('come before the applier’s error that they cause', () => {
    const quarantines = new Map([['alpha', 'alpha was written to']])
    const stopped = following('beta', { applierRunning: false, applierError: 'out of order (1950)' })
    const { because, score } = fitness({ ...subject({ memory: memory({ quarantines }) }), instance: stopped })
    expect([because, score]).toEqual(['alpha has transactions of its own: alpha was written to', '-INFINITY'])
  })
  test('are replaced where the parameter says so', () => {
    expect(judge({ onDiverged: 'reseed' }, own).say).toBe('reseed')
    const quarantines = new Map([['alpha', 'an unproven cut']])
    expect(judge({ onDiverged: 'reseed', memory: memory({ quarantines }) }).say).toBe('reseed')
  })
  test.each([
    ['may lack what it acknowledged', { memory: memory({ record: record({ doubted: ['alpha'] }) }) }],
    ['does not take writes', { source: answering('1-20', { writable: false }) }],
  ])('are never replaced while the source %s', (_, change) => {
    const foreign = {
      executed: new Map([...gtids('1-10'), ['0c0ffee0-71ca-11e1-9e33-c80aa9429562', [[1, 1]] as const]]),
    }
    expect(judge({ onDiverged: 'reseed', ...change }, foreign).say).toBe('quarantine')
  })
  test('are those of a source that has forgotten them: it takes no writes before somebody has been elected', () => {
    const forgetful = { source: answering('1-20', { writable: false }) }
    expect(judge(forgetful, own)).toEqual({
      say: 'wait',
      because: expect.stringMatching(/^beta lacks transactions that it wrote itself.*; run heir seed on beta$/),
    })
    expect(decide('monitor', { ...subject(forgetful), instance: unpromoted(own) }).steps).toEqual([])
  })
  test('are never replaced while the source does not answer', () => {
    const source = { answers: false, because: 'no route', silent: true } as const
    const wrote = unpromoted({ executed: new Map([...gtids('1-10'), [OWN_UUID, [[1, 5]]]]) })
    const plan = decide('monitor', { ...subject({ source, onDiverged: 'reseed' }), instance: wrote })
    expect(plan.steps).toMatchObject([{ do: 'quarantine' }])
    expect(judge({ source, onDiverged: 'reseed' }, own).say).toBe('wait')
  })
})

/** alpha, which replicates from this one. */
function following(sourceHost: string, change: Partial<Replication> = {}, intervals = '1-10') {
  const executed = gtids(intervals)
  return unpromoted({ executed, replication: replication({ sourceHost, received: executed, ...change }) })
}
