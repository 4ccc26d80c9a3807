import { expect, test } from 'vitest'
import { OCF } from '../../agent/exit-code.ts'
import { plan } from './candidate.ts'
import { holdings, memory, peer, record, UUID } from './situations.ts'

test('promote goes on without proof where an operator has accepted the loss, and says so in the record', () => {
  const accepted = memory({ guarantee: { epoch: 7, acks: 0, synced: true }, acceptedLoss: { epoch: 7, node: 'alpha' } })
  expect(plan({ memory: accepted }).steps).toContainEqual(
    expect.objectContaining({ do: 'publish-source', proven: false }),
  )
  const other = memory({ guarantee: { epoch: 7, acks: 0, synced: true }, acceptedLoss: { epoch: 6, node: 'alpha' } })
  expect(plan({ memory: other }).next).toBe(OCF.ERR_GENERIC)
})
test('promote remembers who was not heard at a promotion without proof, until they are heard', () => {
  const doubtedBy = (change: Parameters<typeof memory>[0], peers = [peer('gamma', '1-10')]) =>
    plan({ memory: memory(change), peers }).steps.find(step => step.do === 'publish-source')
  const accepted = { guarantee: { epoch: 7, acks: 0, synced: true }, acceptedLoss: { epoch: 7, node: 'alpha' } }
  expect(doubtedBy(accepted)).toMatchObject({ proven: false, doubted: ['beta'] })
  expect(doubtedBy(accepted, [])).toMatchObject({ doubted: ['beta', 'gamma'] })
  expect(doubtedBy({})).toMatchObject({ proven: true, doubted: [] })
  const before = record({ doubted: ['delta', 'gamma'] })
  expect(doubtedBy({ record: before })).toMatchObject({ proven: true, doubted: ['delta'] })
  const apart = { record: before, quarantines: new Map([['gamma', 'transactions of its own']]) }
  expect(doubtedBy(apart)).toMatchObject({ doubted: ['delta', 'gamma'] })
})
test.each([
  ['a handover that nobody has', memory({ handover: holdings('1-11'), registrations: new Map() })],
  ['ackers that lack what there was at the beginning', memory({ record: record({ gtid: `${UUID}:1-12` }) })],
])('promote goes on behind %s where an operator has accepted the loss', (_, before) => {
  expect(plan({ memory: before }).next).toBe(OCF.ERR_GENERIC)
  const accepted = { ...before, acceptedLoss: { epoch: 7, node: 'alpha' } }
  expect(plan({ memory: accepted }).steps).toContainEqual(
    expect.objectContaining({ do: 'publish-source', proven: false }),
  )
})
test('promote in a cluster of two does not go by what may be old, but for an operator', () => {
  expect(plan({ unmet: 'beta' }).because).toMatch(/alpha has not met beta since Pacemaker started here/)
  const accepted = memory({ acceptedLoss: { epoch: 7, node: 'alpha' } })
  expect(plan({ unmet: 'beta', memory: accepted }).steps).toContainEqual(
    expect.objectContaining({ do: 'publish-source', proven: false }),
  )
})
test('to wait for nobody is no leave to go by what may be old', () => {
  const async = { durability: { mode: 'async', acks: 1 } } as const
  expect(plan({ ...async, unmet: 'beta' }).because).toMatch(/alpha has not met beta since Pacemaker started here/)
  expect(plan({ ...async, peers: [] }).next).toBe(OCF.SUCCESS)
})
test('a last source that lost power does not go by what may be old either', () => {
  const doubtful = {
    memory: memory({ guarantee: { epoch: 7, acks: 0, synced: true } }),
    peers: [peer('beta', '1-12', { sound: false })],
  }
  expect(plan({ ...doubtful, unmet: 'gamma' }).because).toMatch(/alpha has not met gamma/)
  expect(plan(doubtful).next).toBe(OCF.SUCCESS)
})
