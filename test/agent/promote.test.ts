import { expect, test } from 'vitest'
import { OCF } from '../../agent/exit-code.ts'
import { decide } from '../../agent/transitions.ts'
import { plan, steps } from './candidate.ts'
import {
  BOOT,
  gtids,
  holdings,
  memory,
  OWN_UUID,
  peer,
  record,
  replication,
  situation,
  UUID,
  unpromoted,
} from './situations.ts'

test('promote drains, arms, publishes, forgets the source and opens writes last', () => {
  expect(steps()).toEqual([
    'drain-relay-log',
    'disarm-replica',
    'arm-source',
    'publish-source',
    'forget-source',
    'open-writes',
  ])
})
test('promote publishes the next epoch', () => {
  expect(plan().steps).toContainEqual({
    do: 'publish-source',
    epoch: 8,
    acks: 1,
    proven: true,
    doubted: [],
    ackers: [{ node: 'gamma', boot: BOOT }],
  })
})
test('promote holds its receiver still before it compares', () => {
  const first = plan({ instance: unpromoted({ replication: replication({ receiver: 'connecting' }) }) })
  expect(first).toMatchObject({ steps: [{ do: 'stop-receiver' }], next: 'look-again' })
})
test('promote fetches what a peer holds and it lacks', () => {
  expect(steps({ peers: [peer('gamma', '1-12')] }).slice(0, 4)).toEqual([
    'drain-relay-log',
    'disarm-replica',
    'catch-up-from',
    'stop-receiver',
  ])
})
test('promote refuses when histories have diverged', () => {
  const refusal = plan({ peers: [peer('gamma', '1-9:12')] })
  expect(refusal).toMatchObject({ steps: [], next: OCF.ERR_GENERIC })
  expect(refusal.because).toMatch(/alpha and gamma each hold transactions the other lacks/)
})
test('promote refuses while an acker is missing that may alone hold a write, with the inequality', () => {
  const { because } = plan({ peers: [peer('gamma', undefined)] })
  expect(because).toMatch(
    /1 > 2 - 1 does not hold \(ackers that answer: alpha; that do not: gamma\); bring beta or gamma back/,
  )
})
test('promote goes on without an acker that cannot alone hold a write', () => {
  const acks2 = memory({ record: record({ acks: 2 }) })
  expect(plan({ memory: acks2, durability: { mode: 'strict', acks: 2 }, peers: [] }).next).toBe(OCF.SUCCESS)
})
test('promote does not count an acker that lost power since it registered', () => {
  expect(plan({ peers: [peer('gamma', '1-10', { sound: false })] }).because).toMatch(
    /gamma may have lost with its power what it acknowledged; 1 > 2 - 1 does not hold .*bring beta back/,
  )
})
test('promote needs nobody else once the last source answers', () => {
  const restarted = memory({ guarantee: { epoch: 7, acks: 0, synced: true } })
  expect(plan({ memory: restarted, peers: [peer('beta', '1-10')] }).because).toMatch(/beta, the last source, answers/)
})
test('promote does not go by a last source that lost power and does not keep its commits over that', () => {
  const doubtful = (change: object) => ({ peers: [peer('beta', '1-12', { sound: false })], memory: memory(change) })
  expect(plan(doubtful({})).because).toMatch(
    /beta may have lost with its power what it acknowledged; 1 > 2 - 1 does not hold .*bring gamma back/,
  )
  const { next, because, steps } = plan(doubtful({ guarantee: { epoch: 7, acks: 0, synced: true } }))
  expect(next).toBe(OCF.SUCCESS) // nobody has what it lost: to wait would bring nothing back
  expect(because).toMatch(/beta alone had what it acknowledged/)
  expect(steps).toContainEqual(expect.objectContaining({ do: 'catch-up-from' }))
  expect(steps).toContainEqual(expect.objectContaining({ do: 'publish-source', proven: false }))
})
test('promote of anybody but the last source is refused while that one committed alone', () => {
  const uncertified = memory({ guarantee: { epoch: 7, acks: 0, synced: true } })
  expect(plan({ memory: uncertified }).because).toMatch(/only beta holds them for certain/)
})
test('promote takes what the last source handed over for all there is', () => {
  const handedOver = (intervals: string) =>
    memory({ guarantee: { epoch: 7, acks: 0, synced: true }, handover: holdings(intervals), registrations: new Map() })
  expect(plan({ memory: handedOver('1-10'), peers: [] }).next).toBe(OCF.SUCCESS)
  expect(plan({ memory: handedOver('1-11'), peers: [] }).because).toMatch(
    /none of alpha holds all that was acknowledged/,
  )
})
test('promote goes by the ackers where nobody has what the last source handed over', () => {
  const { next, because } = plan({ memory: memory({ handover: holdings('1-11') }) })
  expect(next).toBe(OCF.SUCCESS)
  expect(because).toMatch(/2 of 2 ackers answer/)
})
test('promote goes by the ackers where the last source answers from quarantine', () => {
  const apart = memory({ quarantines: new Map([['beta', 'transactions of its own']]) })
  const { because } = plan({ memory: apart, peers: [peer('beta', '1-12'), peer('gamma', '1-10')] })
  expect(because).toMatch(/2 of 2 ackers answer/)
})
test('promote does not trust ackers that have not got to where the epoch began', () => {
  const early = record({ gtid: `${UUID}:1-12` })
  expect(plan({ memory: memory({ record: early }) }).because).toMatch(/none of alpha, gamma holds all/)
})
test('promote without replicas waits where it is to be strict, and says that it does not where it is to be available', () => {
  const alone = { memory: memory({ handover: holdings('1-10') }), peers: [] }
  expect(steps({ ...alone, durability: { mode: 'strict', acks: 1 } })).toContain('arm-source')
  expect(plan({ ...alone }).steps).toContainEqual(expect.objectContaining({ do: 'publish-source', acks: 0 }))
  expect(steps(alone)).toContain('disarm-source')
})
test('promote before the first source hears everybody', () => {
  const first = { memory: memory({ record: undefined }), instance: unpromoted() }
  expect(plan({ ...first, peers: [peer('gamma', undefined)] }).because).toBe('gamma has not published what it holds')
})
test('promote refuses outside of the quorate partition', () => {
  expect(plan({ quorate: false }).because).toBe('alpha is outside of the quorate partition')
})
test('promote refuses in a clone without notifications', () => {
  expect(plan({ notification: undefined }).because).toMatch(/notify=true/)
})
test('promote of the only instance waits for no acknowledgement', () => {
  expect(steps({ instances: 1, peers: [], memory: memory({ record: undefined }), instance: unpromoted() })).toEqual([
    'disarm-replica',
    'disarm-source',
    'publish-source',
    'open-writes',
  ])
})
test('promote compares places in the log of the source where there are no GTIDs', () => {
  const place = (position: number) => ({
    node: 'gamma',
    holdings: holdings('', { held: { by: 'coordinates', readTo: { file: 'binlog.000007', position } } }),
  })
  expect(plan({ byGtid: false, peers: [place(900)] }).next).toBe(OCF.SUCCESS)
  expect(plan({ byGtid: false, peers: [place(901)] }).because).toMatch(/cannot fetch the difference without GTIDs/)
})
test('promote without GTIDs can be repeated when it was cut short behind its record', () => {
  const mine = memory({ record: record({ node: 'alpha', host: 'alpha' }), registrations: new Map() })
  expect(steps({ byGtid: false, memory: mine, peers: [] }).slice(-3)).toEqual([
    'publish-source',
    'forget-source',
    'open-writes',
  ])
})
test('promote refuses to compare GTIDs with coordinates', () => {
  expect(plan({ byGtid: false, peers: [peer('gamma', '1-10')] }).because).toMatch(/does not replicate as the others do/)
})
test('promote of an instance that is open and on record does nothing', () => {
  const again = decide(
    'promote',
    situation({
      instance: { ...unpromoted(), state: 'promoted' },
      memory: memory({ record: record({ node: 'alpha' }) }),
    }),
  )
  expect(again).toMatchObject({ steps: [], next: OCF.SUCCESS })
})
test('promote refuses on data older than what it wrote itself, which it could not fetch from a peer', () => {
  const own = (last: number) => new Map([...gtids('1-10'), [OWN_UUID, [[1, last] as const]]])
  const peers = [{ node: 'gamma', holdings: holdings('', { held: { by: 'gtid', flavour: 'mysql', set: own(9) } }) }]
  const held = (last: number) => unpromoted({ executed: own(last), replication: replication({ receiver: 'stopped' }) })
  const world = { memory: memory({ record: record({ node: 'alpha', gtid: '' }) }), peers }
  const refusal = plan({ ...world, instance: held(5) })
  expect(refusal).toMatchObject({ steps: [], next: OCF.ERR_GENERIC })
  expect(refusal.because).toBe('alpha lacks transactions that it wrote itself and gamma has: run heir seed on alpha')
  expect(plan({ ...world, instance: held(9) }).next).toBe(OCF.SUCCESS)
})
