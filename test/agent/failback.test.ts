import { describe, expect, onTestFinished, test } from 'vitest'
import { claimsPlace, nextPatience, type Patience, type Preference } from '../../agent/failback.ts'
import { fitness } from '../../agent/fitness.ts'
import { readInvocation } from '../../agent/invocation.ts'
import { SCORE } from '../../agent/score.ts'
import { Session } from '../../agent/session.ts'
import type { Situation } from '../../agent/situation.ts'
import { RuntimeFile } from '../../cib/runtime-file.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { memory, notification, promoted, record, replication, situation, unpromoted } from './situations.ts'

const MINUTE = 60_000

/** alpha is preferred to beta, which is the source, and has been in step for a time. */
const preference = (change: Partial<Preference> = {}): Preference => ({
  nodes: ['alpha', 'beta'],
  failbackSeconds: 60,
  patience: { epoch: 7, since: 0, claims: [] },
  now: MINUTE,
  ...change,
})
const preferred = (change: Partial<Preference> = {}, others: Partial<Situation> = {}) =>
  situation({ preference: preference(change), ...others })
const replica = (change: Parameters<typeof replication>[0]) => ({
  instance: unpromoted({ replication: replication(change) }),
})

describe('preference among equals', () => {
  test('a preferred replica has a higher score than another one in step, and the first of the list the highest', () => {
    const scoreOf = (nodes: readonly string[]) =>
      Number(fitness(preferred({ nodes, failbackSeconds: undefined })).score)
    expect(scoreOf(['alpha'])).toBeGreaterThan(scoreOf([]))
    expect(scoreOf(['alpha', 'gamma'])).toBeGreaterThan(scoreOf(['gamma', 'alpha']))
    expect(scoreOf(['gamma', 'alpha'])).toBeGreaterThan(SCORE.candidate)
    expect(scoreOf(['alpha'])).toBeLessThan(SCORE.source)
  })

  test.each([
    ['trails', replica({ lagSeconds: 61 })],
    ['follows nobody', { instance: unpromoted() }],
  ])('a preferred replica that %s stays behind one in step', (_what, change) => {
    expect(fitness(preferred({}, change)).score).toBe(SCORE.trailing)
  })

  test('before the first source, the preferred instance is promoted', () => {
    const first = { instance: unpromoted(), memory: memory({ record: undefined }) }
    expect(Number(fitness(preferred({}, first)).score)).toBeGreaterThan(SCORE.fresh)
  })
})

describe('fail-back', () => {
  test('a preferred replica that has been in step for long enough is ahead of the source', () => {
    expect(Number(fitness(preferred()).score)).toBeGreaterThan(SCORE.source)
    expect(fitness(preferred()).readable).toBe(true)
  })

  test.each<[string, Partial<Preference>, Partial<Situation>]>([
    ['has not been in step for long enough', { now: MINUTE - 1 }, {}],
    ['is not to take its place back', { failbackSeconds: undefined }, {}],
    ['is less preferred than the source', { nodes: ['beta', 'alpha'] }, {}],
    ['is as little preferred as the source', { nodes: ['gamma'] }, {}],
    ['trails by seconds', {}, replica({ lagSeconds: 6 })],
    ['has lost sight of the source', {}, replica({ receiver: 'connecting', lagSeconds: undefined })],
    ['does not acknowledge', {}, { memory: memory({ registrations: new Map() }) }],
    [
      'follows another site',
      {},
      {
        memory: memory({ record: record({ node: 'beta:3306' }) }),
        durability: { mode: 'async', acks: 1 },
      },
    ],
    ['is in quarantine', {}, { memory: memory({ quarantines: new Map([['alpha', 'by hand']]) }) }],
    ['was in step with an earlier source', { patience: { epoch: 6, since: 0, claims: [] } }, {}],
  ])('a replica that %s does not', (_what, change, others) => {
    const { score } = fitness(preferred(change, others))
    expect(score === SCORE.unfit || Number(score) < SCORE.source).toBe(true)
  })

  test('the more preferred of two replicas is ahead', () => {
    const beside = {
      memory: memory({ record: record({ node: 'gamma', host: 'gamma' }) }),
      notification: notification(),
    }
    const scoreOf = (nodes: readonly string[]) =>
      Number(fitness(preferred({ nodes }, { ...beside, ...replica({ sourceHost: 'gamma' }) })).score)
    expect(scoreOf(['alpha', 'beta'])).toBeGreaterThan(scoreOf(['beta', 'alpha']))
  })

  test('one that lost the place again waits twice as long, and after an hour as long as the first time', () => {
    const claims = [{ epoch: 5, at: 0 }]
    const waited = (ms: number, since = MINUTE) =>
      claimsPlace(preferred({ patience: { epoch: 7, since, claims }, now: since + ms }))
    expect(waited(MINUTE)).toBe(false)
    expect(waited(2 * MINUTE)).toBe(true)
    expect(waited(MINUTE, 60 * MINUTE)).toBe(true)
  })
})

test('what was noted outlives a reboot, after which /run is empty: it may be the machine that fails under load', async () => {
  const resource = `failback-test-${process.pid}`
  const invocation = readInvocation({ OCF_RESOURCE_INSTANCE: resource })
  const [deadline, log] = [Deadline.in(1000), undefined as never]
  const session = () => new Session({ invocation, parameters: undefined as never, node: 'alpha', deadline, log })
  onTestFinished(() => session().patience.remove())
  const noted = { epoch: 7, since: 5, claims: [{ epoch: 7, at: 9 }] }
  await session().patience.write(noted)
  await new RuntimeFile(resource, 'patience').remove()
  expect(await session().patience.read()).toEqual(noted)
})

describe('what a monitor notes', () => {
  const next = (change: Partial<Preference>, others: Partial<Situation> = {}) => nextPatience(preferred(change, others))

  test('nothing where no place is taken back', () => {
    expect(next({ failbackSeconds: undefined })).toBeUndefined()
  })

  test('since when the replica is in step, as long as it is', () => {
    expect(next({ patience: undefined, now: 5 })).toMatchObject({ epoch: 7, since: 5 })
    expect(next({ patience: { epoch: 7, since: 5, claims: [] }, now: 9 })).toMatchObject({ since: 5 })
    expect(next({ now: 9 }, replica({ lagSeconds: 9 }))).toMatchObject({ since: undefined })
    expect(next({ patience: { epoch: 6, since: 5, claims: [] }, now: 9 })).toMatchObject({ since: 9 })
  })

  test('a clock that was set back begins anew', () => {
    expect(next({ patience: { epoch: 7, since: 10, claims: [] }, now: 9 })).toMatchObject({ since: 9 })
  })

  test('a claim once, with its epoch, and the source forgets none', () => {
    const claimed = next({}) as Patience
    expect(claimed.claims).toEqual([{ epoch: 7, at: MINUTE }])
    expect(next({ patience: claimed, now: 2 * MINUTE })?.claims).toEqual(claimed.claims)
    const source = { instance: promoted(), memory: memory({ record: record({ node: 'alpha', epoch: 8 }) }) }
    expect(next({ patience: claimed, now: 2 * MINUTE }, source)).toEqual({
      epoch: 8,
      since: undefined,
      claims: claimed.claims,
    })
  })
})
