import { describe, expect, test } from 'vitest'
import { certify, isIrregular } from '../../agent/certify.ts'
import type { InstanceView, Situation } from '../../agent/situation.ts'
import type { SemiSync } from '../../lib/mysql/server-facts.ts'
import { answering, facts, gtids, memory, record, registration, semiSync, situation } from './situations.ts'

/** alpha is the source; beta and gamma acknowledge. */
const MEMORY = memory({
  record: record({ node: 'alpha', host: 'alpha' }),
  registrations: new Map([
    ['beta', registration({ at: 2 })],
    ['gamma', registration({ at: 3 })],
  ]),
})
const ALL = ['alpha', 'beta', 'gamma']
const cluster = (change: object = {}) => ({ online: ALL, unclean: [], active: ALL, ...change })
const view = (intervals: string) => answering(intervals)
const SILENT = { answers: false, because: 'no greeting', silent: true } as const
const source = (change: Partial<SemiSync> = {}) =>
  facts({ writable: true, semiSync: semiSync({ sourceEnabled: true, replicaEnabled: false, ackers: 2, ...change }) })
const look = (change: object = {}) => ({ ackers: 2, waiting: 0, acknowledged: 7, renewed: false, ...change })

interface Case extends Partial<Situation> {
  readonly server?: Partial<SemiSync>
}
const at = ({ server: _, ...change }: Case) =>
  situation({
    memory: MEMORY,
    cluster: cluster(),
    ackers: new Map([
      ['beta', view('1-10')],
      ['gamma', view('1-10')],
    ]),
    ...change,
  })
const measure = (given: Case) => certify(at(given), source(given.server))
const uncertified = { ...MEMORY, guarantee: { epoch: 7, acks: 0, synced: true } }

test('a source with all its ackers is left alone, and asks nobody', () => {
  expect(measure({})).toBeUndefined()
  expect(isIrregular(at({}), source())).toBe(false)
})
test.each([
  ['an acker is missing', { server: { ackers: 1 } }],
  [
    'commits wait that waited before',
    { server: { waitingSessions: 1, acknowledged: 7 }, lastLook: look({ waiting: 1 }) },
  ],
  ['the guarantee is low', { memory: uncertified }],
  ['semi-synchronous replication was switched off by hand', { server: { sourceEnabled: false } }],
] as const)('a source looks closer where %s', (_, given) => {
  expect(isIrregular(at(given), source('server' in given ? given.server : {}))).toBe(true)
})

describe('with no acker left', () => {
  const lonely: Case = {
    server: { ackers: 0 },
    cluster: cluster({ online: ['alpha'], active: ['alpha'] }),
    ackers: new Map(),
  }

  test('the cluster is told before commits go on', () => {
    expect(measure(lonely)?.steps).toEqual([
      { do: 'lower-guarantee', epoch: 7, acks: 0, synced: true, witnesses: ['alpha'] },
      { do: 'relax-source' },
    ])
  })
  test('a strict source waits', () => {
    expect(measure({ ...lonely, durability: { mode: 'strict', acks: 1 } })).toBeUndefined()
  })
  test('nothing is lowered while a node may live that cannot be told', () => {
    expect(
      measure({ ...lonely, cluster: cluster({ online: ['alpha'], active: ALL, unclean: ['gamma'] }) }),
    ).toBeUndefined()
  })
})
test('ackers that are not connected are given up at the second look', () => {
  expect(measure({ server: { ackers: 0 } })).toBeUndefined()
  expect(measure({ server: { ackers: 0 }, lastLook: look({ ackers: 0 }) })?.steps[0]).toMatchObject({ acks: 0 })
})
test('acknowledgements that got lost are asked for anew before the ackers are given up', () => {
  const stuck = { waitingSessions: 3, acknowledged: 7 }
  expect(measure({ server: stuck, lastLook: look({ waiting: 3 }) })?.steps).toEqual([{ do: 'renew-acks' }])
  expect(measure({ server: stuck, lastLook: look({ waiting: 3, renewed: true }) })?.steps[0]).toMatchObject({ acks: 0 })
})
test('commits that wait but make progress are left alone', () => {
  expect(measure({ server: { waitingSessions: 3, acknowledged: 8 }, lastLook: look({ waiting: 3 }) })).toBeUndefined()
})
test('the guarantee is raised after the server waits', () => {
  expect(measure({ memory: uncertified, server: { sourceEnabled: false } })?.steps).toEqual([
    { do: 'arm-source', acks: 1 },
    { do: 'raise-guarantee', epoch: 7, acks: 1, ackers: ['beta', 'gamma'] },
  ])
})
test('the guarantee is not raised for ackers that are far behind', () => {
  const far = new Map([['beta', view('')]])
  const ahead = { ...source({ sourceEnabled: false }), executed: gtids('1-50000') }
  expect(certify(at({ memory: uncertified, ackers: far }), ahead)).toBeUndefined()
})
test('switched off by hand, the cluster is told at once', () => {
  expect(
    measure({ server: { sourceEnabled: false }, durability: { mode: 'strict', acks: 1 } })?.steps[0],
  ).toMatchObject({
    do: 'lower-guarantee',
    acks: 0,
  })
})
test('asynchronous by parameter, the cluster is told before commits stop waiting', () => {
  expect(measure({ durability: { mode: 'async', acks: 1 } })?.steps.map(step => step.do)).toEqual([
    'lower-guarantee',
    'relax-source',
  ])
})
test('an acker that is dead is released once another one has what it had', () => {
  const gone: Case = {
    server: { ackers: 1 },
    cluster: cluster({ online: ['alpha', 'beta'], active: ['alpha', 'beta'] }),
    ackers: new Map<string, InstanceView>([
      ['beta', view('1-10')],
      ['gamma', SILENT],
    ]),
  }
  expect(measure(gone)?.steps).toEqual([
    { do: 'release-ackers', gone: [{ node: 'gamma', registration: registration({ at: 3 }) }], acks: 1, left: ['beta'] },
  ])
  expect(measure({ ...gone, cluster: cluster({ online: ['alpha', 'beta'], unclean: ['gamma'] }) })).toBeUndefined()
})
test('an acker that lives is not released, though Pacemaker does not know it to run', () => {
  const unmanaged = (gamma: InstanceView, ackers: number): Case => ({
    server: { ackers },
    cluster: cluster({ online: ['alpha', 'beta'], active: ['alpha', 'beta'] }),
    ackers: new Map([
      ['beta', view('1-10')],
      ['gamma', gamma],
    ]),
  })
  expect(measure(unmanaged(view('1-10'), 1))).toBeUndefined()
  expect(measure(unmanaged({ answers: false, because: 'no connection left', silent: false }, 1))).toBeUndefined()
  expect(measure(unmanaged(SILENT, 2))).toBeUndefined()
})
test('an acker that Pacemaker does not know to run is not counted on', () => {
  const outside = { memory: uncertified, cluster: cluster({ active: ['alpha', 'beta'] }) }
  expect(measure(outside)?.steps.at(-1)).toMatchObject({ do: 'raise-guarantee', ackers: ['beta'] })
})
describe('with a replica that acknowledges and is not registered', () => {
  const one = { ...MEMORY, registrations: new Map([['beta', registration({ at: 2 })]]) }
  const uncounted: Case = { memory: one, server: { ackers: 2 }, lastLook: look({ ackers: 2 }) }

  test('the word is taken back, and the server goes on waiting', () => {
    expect(measure(uncounted)?.steps).toEqual([
      { do: 'lower-guarantee', epoch: 7, acks: 0, synced: true, witnesses: ALL },
    ])
    expect(measure({ ...uncounted, durability: { mode: 'strict', acks: 1 } })?.steps).toHaveLength(1)
  })
  test('nothing is done before the second look', () => {
    expect(measure({ ...uncounted, lastLook: look({ ackers: 1 }) })).toBeUndefined()
  })
  test('the word stays back as long as it is there', () => {
    expect(
      measure({ ...uncounted, memory: { ...one, guarantee: { epoch: 7, acks: 0, synced: true } } }),
    ).toBeUndefined()
  })
})
