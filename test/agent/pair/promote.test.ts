import { describe, expect, test } from 'vitest'
import { OCF } from '../../../agent/exit-code.ts'
import type { Situation } from '../../../agent/situation.ts'
import { BLANK } from '../../../cib/memory.ts'
import { record, registration } from '../situations.ts'
import {
  alone,
  beside,
  beta,
  both,
  closed,
  cold,
  other,
  plan,
  published,
  reign,
  solitary,
  steps,
  writes,
} from './pairs.ts'

const STILL = { receiver: 'stopped' } as const
const settings = (own: object, others: object | undefined) => {
  const apart = { increment: 2, offset: 1, domain: undefined }
  return { own: { ...apart, ...own }, others: others && { ...apart, offset: 2, ...others } }
}

describe('beside the other one', () => {
  const joining = (change: Partial<Situation> = {}) =>
    closed({ notification: beside(), source: beta('1-10', '1-12'), peers: published('1-10', '1-12'), ...change })

  test('an instance has what the other one has, waits for it with each commit, is on record, and then takes writes', () => {
    expect(steps('promote', joining())).toEqual([
      'relax-source',
      'catch-up-from',
      'arm-source',
      'publish-source',
      'open-writes',
    ])
    const published = plan('promote', joining()).steps.find(step => step.do === 'publish-source')
    expect(published).toMatchObject({ epoch: 4, acks: 1, proven: true, ackers: [{ node: 'beta' }] })
    expect(plan('promote', joining()).steps).toContainEqual(
      expect.objectContaining({
        peer: expect.objectContaining({ held: expect.objectContaining({ set: writes('1-10', '1-12') }) }),
      }),
    )
  })

  test('one that does not follow the other one follows it first', () => {
    const seen = closed({ ...joining(), instance: closed({}, {}, STILL).instance })
    expect(plan('promote', seen)).toMatchObject({ next: 'look-again' })
    expect(steps('promote', seen)).toContain('follow')
    expect(steps('promote', seen)).not.toContain('open-writes')
  })

  test('writes of its own that the other one lacks do not stand in its way', () => {
    expect(steps('promote', joining({ source: beta('1-8', '1-12') }))).toContain('open-writes')
  })

  test.each<[string, Partial<Situation>, RegExp]>([
    ['the other one does not answer', { source: { answers: false, because: 'timed out', silent: true } }, /timed out/],
    [
      'it lacks what it wrote itself',
      { source: beta('1-11', '1-12') },
      /alpha lacks transactions that it wrote itself.*:11; run heir seed on alpha/,
    ],
    [
      'it lacks what it wrote itself, and the other one has received but not executed it',
      { source: beta('1-10', '1-12'), peers: published('1-11', '1-12') },
      /alpha lacks transactions that it wrote itself and beta has: run heir seed on alpha/,
    ],
    ['it is in quarantine', { memory: reign({ quarantines: new Map([['alpha', 'by hand']]) }) }, /in quarantine/],
    ['it is cut off', { quorate: false }, /outside of the quorate/],
    [
      'its keys are those of a server alone',
      { pair: { ...other(), settings: settings({ increment: 1 }, undefined) } },
      /auto_increment_increment=1\): "heir configure/,
    ],
    [
      'both give out the same keys',
      { pair: { ...other(), settings: settings({ offset: 2 }, {}) } },
      /would give out the same keys/,
    ],
    [
      'both write into one domain',
      { pair: { ...other(), settings: settings({ domain: 0 }, { domain: 0 }) } },
      /gtid_domain_id=0/,
    ],
    [
      'it cannot apply what the other one wrote',
      closed({}, {}, { applierError: 'duplicate (1062)' }),
      /applier that stopped/,
    ],
  ])('nothing is opened where %s', (_what, change, because) => {
    const answer = plan('promote', joining(change))
    expect(answer.because).toMatch(because)
    expect(answer).toMatchObject({ steps: [], next: OCF.ERR_GENERIC })
  })

  test('what was set with care is no objection', () => {
    expect(
      steps('promote', joining({ pair: { ...other(), settings: settings({ domain: 1 }, { domain: 2 }) } })),
    ).toContain('open-writes')
  })
})

describe('while the other one takes no writes', () => {
  test('the receiver is held still first', () => {
    const seen = closed({ notification: alone })
    expect(plan('promote', seen)).toMatchObject({ next: 'look-again', steps: [{ do: 'stop-receiver' }] })
  })

  test('its acker takes writes alone, with what it has received, and says that nobody acknowledges', () => {
    expect(steps('promote', solitary())).toEqual([
      'relax-source',
      'drain-relay-log',
      'disarm-source',
      'publish-source',
      'open-writes',
    ])
    expect(plan('promote', solitary()).steps).toContainEqual(expect.objectContaining({ acks: 0, ackers: [] }))
  })

  test('the follower of one that wrote on its own word alone does not', () => {
    const { because, steps: none } = plan(
      'promote',
      solitary({ pair: other({ guarantee: { epoch: 7, acks: 0, synced: true } }) }),
    )
    expect(because).toMatch(/only beta holds them for certain: bring it back, or accept the loss/)
    expect(none).toEqual([])
  })

  test('unless an operator has accepted the loss', () => {
    const accepted = other({
      guarantee: { epoch: 7, acks: 0, synced: true },
      acceptedLoss: { epoch: 7, node: 'alpha' },
    })
    const seen = solitary({ pair: accepted })
    expect(plan('promote', seen).steps).toContainEqual(expect.objectContaining({ do: 'publish-source', proven: false }))
  })

  test('one that was never an acker does not', () => {
    expect(steps('promote', solitary({ pair: other({ registrations: new Map() }) }))).toEqual([])
  })

  test('an acker that lost power, and its relay log with it, does not', () => {
    const pair = other({ registrations: new Map([['alpha', registration({ boot: 'an earlier one' })]]) })
    const seen = closed({ ...solitary({ pair }), instance: closed({}, { relayLogSynced: false }, STILL).instance })
    expect(steps('promote', seen)).toEqual([])
  })

  test('when both come back, each fetches what the other one has, and the one that lacks nothing fetches nothing', () => {
    const source = beta('1-8', '1-12', { writable: false })
    const seen = (own: string) => solitary({ notification: cold, source, peers: published('1-8', own) })
    expect(steps('promote', seen('1-12'))).toContain('catch-up-from')
    expect(steps('promote', seen('1-10'))).not.toContain('catch-up-from')
    expect(steps('promote', seen('1-12')).at(-1)).toBe('open-writes')
  })

  test('what the other one said while it took writes does not count when it takes none any more', () => {
    const acks = new Map([['alpha', registration({ epoch: 1 })]])
    const pair = other({ guarantee: { epoch: 7, acks: 0, synced: true }, registrations: acks })
    const seen = (partial: object) => {
      const peers = published('1-8', '1-10').map(({ node, holdings }) => ({
        node,
        holdings: { ...holdings, ...partial },
      }))
      return plan('promote', solitary({ notification: cold, pair, peers }))
    }
    expect(seen({}).steps.at(-1)).toEqual({ do: 'open-writes' })
    expect(seen({ partial: true }).because).toMatch(/beta/)
    expect(seen({ partial: true }).steps).toEqual([])
  })
})

test('an instance that takes writes already is promoted, and one that nobody knows of closes', () => {
  expect(plan('promote', both())).toMatchObject({ steps: [], next: OCF.SUCCESS })
  expect(steps('promote', both({ memory: BLANK }))).toEqual(['close-writes'])
})

test('the epoch grows by one with each promotion, and is the own one', () => {
  const seen = closed({
    notification: beside(),
    source: beta('1-10', '1-10'),
    memory: reign({ record: record({ node: 'alpha', epoch: 41 }) }),
  })
  expect(plan('promote', seen).steps).toContainEqual(expect.objectContaining({ epoch: 42 }))
})
