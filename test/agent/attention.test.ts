import { expect, test } from 'vitest'
import { strays } from '../../agent/attention.ts'
import type { ClusterMemory } from '../../cib/memory.ts'
import { holdings, memory, promoted, record, situation } from './situations.ts'

/** alpha takes writes, and this node's copy of the CIB remembers this much. */
const source = (change: Partial<ClusterMemory> = {}) =>
  situation({ instance: promoted(), memory: memory({ record: record({ node: 'alpha', host: 'alpha' }), ...change }) })

test('a source that is on record needs no closer look', () => {
  expect(strays(source())).toBe(false)
  expect(strays(source({ handover: holdings('1-10', { epoch: 6 }) }))).toBe(false)
})

test.each<[string, Partial<ClusterMemory>]>([
  ['names another source', { record: record() }],
  ['says that it has handed over', { handover: holdings('1-10') }],
])(
  'a source is not closed by a copy that %s and may be older than its promotion: the CIB is asked',
  (_what, change) => {
    expect(strays(source(change))).toBe(true)
  },
)
