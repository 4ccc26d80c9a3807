import { expect, test } from 'vitest'
import { OCF } from '../../agent/exit-code.ts'
import type { Situation } from '../../agent/situation.ts'
import { decide } from '../../agent/transitions.ts'
import { held, peer, record, replication, situation, unpromoted } from './situations.ts'

/** alpha, asked to succeed beta, with its receiver stopped and what the others published. */
const candidate = (change: Partial<Situation> = {}) =>
  situation({
    instance: unpromoted({ replication: replication({ receiver: 'stopped' }) }),
    peers: [peer('gamma', '1-10')],
    ...change,
  })
const plan = (change: Partial<Situation> = {}) => decide('promote', candidate(change))
const steps = (change: Partial<Situation> = {}) => plan(change).steps.map(step => step.do)

test('promote drains, forgets the source, arms, publishes and opens writes last', () => {
  expect(steps()).toEqual([
    'drain-relay-log',
    'forget-source',
    'disarm-replica',
    'arm-source',
    'publish-source',
    'open-writes',
  ])
})
test('promote publishes the next epoch', () => {
  expect(plan().steps).toContainEqual({ do: 'publish-source', epoch: 8 })
})
test('promote holds its receiver still before it compares', () => {
  const first = plan({ instance: unpromoted({ replication: replication({ receiver: 'connecting' }) }) })
  expect(first).toMatchObject({ steps: [{ do: 'stop-receiver' }], next: 'look-again' })
})
test('promote fetches what a peer holds and it lacks', () => {
  expect(steps({ peers: [peer('gamma', '1-12')] }).slice(0, 3)).toEqual([
    'drain-relay-log',
    'catch-up-from',
    'forget-source',
  ])
})
test('promote refuses when histories have diverged', () => {
  const refusal = plan({ peers: [peer('gamma', '1-9:12')] })
  expect(refusal).toMatchObject({ steps: [], next: OCF.ERR_GENERIC })
  expect(refusal.because).toMatch(/alpha and gamma each hold transactions the other lacks/)
})
test('promote refuses while a peer has not said what it holds', () => {
  expect(plan({ peers: [peer('gamma', undefined)] }).because).toBe('gamma has not published what it holds')
})
test('promote refuses outside of the quorate partition', () => {
  expect(plan({ quorate: false }).because).toBe('alpha is outside of the quorate partition')
})
test('promote refuses in a clone without notifications', () => {
  expect(plan({ notification: undefined }).because).toMatch(/notify=true/)
})
test('promote of the only instance waits for no acknowledgement', () => {
  expect(steps({ instances: 1, peers: [], record: undefined, instance: unpromoted() })).toEqual([
    'disarm-replica',
    'disarm-source',
    'publish-source',
    'open-writes',
  ])
})
test('promote compares places in the log of the source where there are no GTIDs', () => {
  const place = (position: number) => ({
    node: 'gamma',
    held: { by: 'coordinates', readTo: { file: 'binlog.000007', position } } as const,
  })
  expect(plan({ byGtid: false, peers: [place(900)] }).next).toBe(OCF.SUCCESS)
  expect(plan({ byGtid: false, peers: [place(901)] }).because).toMatch(/cannot fetch the difference without GTIDs/)
})
test('promote refuses to compare GTIDs with coordinates', () => {
  expect(plan({ byGtid: false, peers: [{ node: 'gamma', held: held('1-10') }] }).because).toMatch(/same way/)
})
test('promote of an instance that is open and on record does nothing', () => {
  const again = decide(
    'promote',
    situation({ instance: { ...unpromoted(), state: 'promoted' }, record: record({ node: 'alpha' }) }),
  )
  expect(again).toMatchObject({ steps: [], next: OCF.SUCCESS })
})
