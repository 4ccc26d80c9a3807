import { describe, expect, test } from 'vitest'
import { OCF } from '../../../agent/exit-code.ts'
import { pairFitness } from '../../../agent/pair/fitness.ts'
import { SCORE } from '../../../agent/score.ts'
import type { Situation } from '../../../agent/situation.ts'
import { BLANK } from '../../../cib/memory.ts'
import type { Replication, ServerFacts } from '../../../lib/mysql/server-facts.ts'
import { holdings, promoted, record, semiSync } from '../situations.ts'
import { beta, both, closed, other, plan, reign, server, steps, writes } from './pairs.ts'

const source = (own: Partial<ServerFacts>, channel: Partial<Replication> = {}, change: Partial<Situation> = {}) =>
  both({ instance: promoted(server({ writable: true, ...own }, channel)), ...change })
const stuck = { applierRunning: false, applierError: 'duplicate (1062)' } as const
const quarantined = (node: string) => reign({ quarantines: new Map([[node, 'its applier']]) })

describe('an instance that takes writes', () => {
  test('is healthy where it follows the other one, and each waits for the other', () => {
    expect(plan('monitor', both())).toMatchObject({ next: OCF.RUNNING_PROMOTED, steps: [] })
    expect(pairFitness(both())).toMatchObject({ score: SCORE.source, readable: true, degraded: false })
  })

  test('follows the other one again, and goes on waiting for acknowledgements of its own commits', () => {
    const seen = source({}, { receiver: 'stopped' }, { source: beta('1-10', '1-12') })
    expect(plan('monitor', seen).next).toBe(OCF.DEGRADED_PROMOTED)
    expect(steps('monitor', seen)).toContain('follow')
    expect(steps('monitor', seen)).not.toContain('disarm-source')
  })

  test('does nothing about one that does not answer, and its own writes are no divergence', () => {
    const silent = { answers: false, because: 'timed out', silent: true } as const
    expect(steps('monitor', source({}, { receiver: 'connecting' }, { source: silent }))).toEqual([])
    const behind = source({}, { receiver: 'stopped' }, { source: beta('1-3', '1-12') })
    expect(steps('monitor', behind)).not.toContain('quarantine')
  })

  test('says in the cluster that it commits alone, before it does, when the other one is gone', () => {
    const cluster = { online: ['alpha'], unclean: [], active: ['alpha'] }
    const gone = { answers: false, because: 'timed out', silent: true } as const
    const lonely = semiSync({ sourceEnabled: true, ackers: 0, waitingSessions: 3 })
    const seen = source(
      { semiSync: lonely },
      { receiver: 'connecting' },
      { cluster, source: gone, ackers: new Map([['beta', gone]]) },
    )
    expect(steps('monitor', seen)).toEqual(['lower-guarantee', 'relax-source'])
  })

  test('closes itself after it has handed over', () => {
    const seen = both({ memory: reign({ handover: holdings('1-10', { epoch: 3 }) }) })
    expect(plan('monitor', seen)).toMatchObject({ next: OCF.FAILED_PROMOTED })
    expect(steps('monitor', seen)).toEqual(['close-writes', 'relax-source'])
  })

  test('has no clients where it trails, as long as the other one may have them', () => {
    expect(pairFitness(source({}, { lagSeconds: 61 }))).toMatchObject({ score: SCORE.source, readable: false })
  })

  test('before the other one was ever promoted it follows nobody', () => {
    const pair = { ...other(), other: undefined, memory: BLANK }
    expect(plan('monitor', both({ pair }))).toMatchObject({ next: OCF.RUNNING_PROMOTED, steps: [] })
  })
})

test('one that serves stays out of quarantine where it is the other one that has lost its writes, and waits for its data', () => {
  for (const channel of [{ receiver: 'stopped' }, stuck] as const) {
    const seen = source({}, { ...channel, received: writes('', '1-12') }, { source: beta('1-10', '1-9') })
    for (const deed of ['monitor', 'post-promote'] as const) expect(steps(deed, seen)).toEqual([])
  }
  const received = { receiver: 'stopped', received: writes('', '1-12') } as const
  expect(plan('post-promote', source({}, received, { source: beta('1-10', '1-9') })).because).toMatch(
    /beta lacks transactions that it wrote itself.*run heir seed on beta/,
  )
})

describe('where the writes of both do not fit', () => {
  test('what cannot be executed is forgotten once an operator has given up the data that it came from', () => {
    const seen = (epoch: number, node: string) =>
      source({}, stuck, {
        pair: other({ acceptedLoss: { epoch, node } }),
        source: beta('1-10', '1-10', { writable: false }),
      })
    const forget = ['disarm-replica', 'forget-source']
    expect(steps('monitor', seen(7, 'alpha'))).toEqual(forget)
    expect(steps('pre-promote', seen(7, 'alpha'))).toEqual([...forget, 'publish-holdings'])
    expect(steps('monitor', seen(6, 'alpha'))).toEqual([])
    expect(steps('monitor', seen(7, 'beta'))).toEqual([])
    expect(steps('monitor', source({}, {}, { pair: other({ acceptedLoss: { epoch: 7, node: 'alpha' } }) }))).toEqual([])
  })

  test('the second by name steps aside at once', () => {
    const seen = source({}, stuck, {
      node: 'gamma',
      memory: reign({ record: record({ node: 'gamma', epoch: 3 }) }),
      source: beta('1-10', '1-10'),
    })
    expect(steps('monitor', seen)).toEqual(['quarantine', 'disarm-replica', 'stop-receiver'])
    expect(pairFitness(seen)).toMatchObject({ score: SCORE.unfit, readable: false })
  })

  test('the first waits for one look, and then it does as well', () => {
    const first = source({}, stuck, { source: beta('1-10', '1-10') })
    expect(steps('monitor', first)).toEqual([])
    expect(pairFitness(first)).toMatchObject({ score: SCORE.source, readable: false, degraded: true })
    const lastLook = { ackers: 1, waiting: 0, acknowledged: 0, renewed: false, stuck: true }
    expect(steps('monitor', { ...first, lastLook })).toContain('quarantine')
  })

  test.each([
    ['does not answer', { answers: false, because: 'timed out', silent: true } as const],
    ['takes no writes', { ...beta('1-10', '1-10'), writable: false }],
  ])('one whose other one %s serves all the same, and says so', (_how, view) => {
    const lastLook = { ackers: 0, waiting: 0, acknowledged: 0, renewed: false, stuck: true }
    const last = source({}, stuck, { lastLook, source: view })
    expect(steps('monitor', last)).not.toContain('quarantine')
    expect(pairFitness(last)).toMatchObject({ score: SCORE.source, readable: true, degraded: true })
  })

  test('the last one goes on, and says so', () => {
    const lastLook = { ackers: 1, waiting: 0, acknowledged: 0, renewed: false, stuck: true }
    const last = source({}, stuck, { lastLook, memory: quarantined('beta') })
    expect(steps('monitor', last)).toEqual([])
    expect(pairFitness(last)).toMatchObject({ score: SCORE.source, readable: true, degraded: true })
  })

  test('one in quarantine is demoted, and does not receive', () => {
    const seen = source({}, {}, { memory: quarantined('alpha') })
    expect(pairFitness(seen)).toMatchObject({ score: SCORE.unfit, readable: false })
    expect(steps('monitor', seen)).toEqual(['disarm-replica', 'stop-receiver'])
  })
})

describe('an instance that takes no writes', () => {
  test('may be promoted where it follows the other one, and has no clients meanwhile', () => {
    expect(pairFitness(closed())).toMatchObject({ score: SCORE.candidate, readable: false, degraded: false })
  })

  test('may not where only the other one has what was acknowledged, which is not there', () => {
    const silent = { answers: false, because: 'timed out', silent: true } as const
    const seen = closed(
      { pair: other({ guarantee: { epoch: 7, acks: 0, synced: true } }), source: silent },
      {},
      { receiver: 'connecting' },
    )
    expect(pairFitness(seen)).toMatchObject({ score: SCORE.unfit })
    expect(pairFitness({ ...seen, source: beta('1-10', '1-10') })).toMatchObject({ score: SCORE.candidate })
  })

  test('may not where it lacks its own writes', () => {
    expect(pairFitness(closed({ source: beta('1-11', '1-10') })).because).toMatch(
      /lacks transactions that it wrote itself/,
    )
  })

  test('becomes an acker of the other one', () => {
    const pair = other({ registrations: new Map() })
    expect(steps('monitor', closed({ pair, source: beta('1-10', '1-10') }))).toContain('register-acker')
  })

  test('holds transactions of others that the other one lacks: it is kept apart', () => {
    const seen = closed({ source: beta('1-10', '1-9') }, {}, { receiver: 'stopped' })
    expect(steps('monitor', seen)).toContain('quarantine')
    const idle = closed({ source: beta('1-10', '1-9', { writable: false }) }, {}, { receiver: 'stopped' })
    expect(steps('monitor', idle)).toEqual([])
  })

  test('without a promotion of its own no write is its own', () => {
    const pair = { ...other(), hasReigned: false }
    const seen = closed({ source: beta('1-9', '1-10'), pair }, {}, { receiver: 'stopped' })
    expect(steps('monitor', seen)).toContain('quarantine')
  })
})
