import { expect, test } from 'vitest'
import { certify, isIrregular } from '../../agent/certify.ts'
import { formatGuarantee, parseGuarantee } from '../../cib/guarantee.ts'
import { facts, memory, record, registration, semiSync, situation } from './situations.ts'

const KEPT = memory({
  record: record({ node: 'alpha', host: 'alpha' }),
  registrations: new Map([['beta', registration()]]),
})
const DOUBTED = { ...KEPT, guarantee: { epoch: 7, acks: 1, synced: false } }
const cluster = { online: ['alpha', 'beta'], unclean: [], active: ['alpha', 'beta'] }
const source = (commitsSynced: boolean, ackers = 1) =>
  facts({ writable: true, commitsSynced, semiSync: semiSync({ sourceEnabled: true, replicaEnabled: false, ackers }) })
const at = (change: object = {}) => situation({ memory: KEPT, cluster, ...change })

test('a source that does not wait for its disk any more says so in the cluster at once', () => {
  expect(isIrregular(at(), source(false))).toBe(true)
  expect(certify(at(), source(false))?.steps).toEqual([
    { do: 'lower-guarantee', epoch: 7, acks: 1, synced: false, witnesses: ['alpha', 'beta'] },
  ])
})
test('one without replicas does the same', () => {
  const alone = at({ instances: 1 })
  expect(certify(alone, facts({ writable: true, commitsSynced: false }))?.steps).toMatchObject([{ synced: false }])
})
test('while a node may live that cannot be told, the others are told all the same', () => {
  const torn = at({ cluster: { ...cluster, online: ['alpha'], unclean: ['beta'] } })
  expect(certify(torn, source(false))?.steps).toMatchObject([{ synced: false, witnesses: ['alpha'] }])
})
test('with the last acker the disk is given up in the same change', () => {
  const lonely = at({ cluster: { ...cluster, active: ['alpha'] } })
  expect(certify(lonely, source(false, 0))?.steps[0]).toMatchObject({ acks: 0, synced: false })
})
test('told once, it is left alone', () => {
  expect(isIrregular(at({ memory: DOUBTED }), source(false))).toBe(false)
})
test('one that waits for its disk again says so when all that it committed before is there', () => {
  expect(isIrregular(at({ memory: DOUBTED }), source(true))).toBe(true)
  expect(certify(at({ memory: DOUBTED }), source(true))?.steps).toEqual([{ do: 'trust-commits', epoch: 7 }])
})
test('a word of another epoch is void', () => {
  const old = { ...KEPT, guarantee: { epoch: 6, acks: 1, synced: false } }
  expect(isIrregular(at({ memory: old }), source(true))).toBe(false)
})
test('a guarantee of before that does not speak of the disk says nothing for it', () => {
  const guarantee = { epoch: 7, acks: 1, synced: true }
  expect(parseGuarantee(formatGuarantee(guarantee))).toEqual(guarantee)
  expect(parseGuarantee('epoch=7 acks=1').synced).toBe(false)
})
