import { expect, test } from 'vitest'
import { decide } from '../../agent/transitions.ts'
import type { ClusterMemory } from '../../cib/memory.ts'
import type { SourceRecord } from '../../cib/source-record.ts'
import { memory, record, semiSync, situation, unpromoted } from './situations.ts'

/** alpha has been the source last, and is closed. */
const former = (change: Partial<SourceRecord> = {}, others: Partial<ClusterMemory> = {}) =>
  situation({
    instance: unpromoted({ semiSync: semiSync() }),
    memory: memory({ record: record({ node: 'alpha', host: 'alpha', ...change }), ...others }),
  })
const steps = (...change: Parameters<typeof former>) =>
  decide('stop', former(...change)).steps.map(({ do: name }) => name)

test('the last source leaves behind with what it ended', () => {
  expect(steps()).toEqual(['publish-handover', 'stop-server'])
})

test('after a loss of power it does so where its commits were on disk', () => {
  expect(steps({ boot: 'another' })).toEqual(['publish-handover', 'stop-server'])
})

test('one that may have lost the end with its power leaves nothing: that would prove a promotion without it', () => {
  expect(steps({ boot: 'another', synced: false })).toEqual(['stop-server'])
})

test('nor does one in quarantine', () => {
  expect(steps({}, { quarantines: new Map([['alpha', 'by hand']]) })).toEqual(['stop-server'])
})
