import { expect, test } from 'vitest'
import { mayWriteHeartbeat } from '../../agent/heartbeat.ts'
import type { SemiSync } from '../../lib/mysql/server-facts.ts'
import { memory, promoted, record, semiSync, situation, unpromoted } from './situations.ts'

const OWN = memory({ record: record({ node: 'alpha' }) })
const source = (change: Partial<SemiSync> = {}) =>
  promoted({ semiSync: semiSync({ sourceEnabled: true, replicaEnabled: false, ackers: 1, ...change }) })

test.each([
  ['the source', { instance: source(), memory: OWN }, true],
  ['a source that waits for nobody', { instance: source({ sourceEnabled: false, ackers: 0 }), memory: OWN }, true],
  ['a source with no replica to acknowledge', { instance: source({ ackers: 0 }), memory: OWN }, false],
  ['a source whose commits wait', { instance: source({ waitingSessions: 1 }), memory: OWN }, false],
  ['a server that takes writes while another is on record', { instance: source() }, false],
  ['the last source, not promoted', { instance: unpromoted(), memory: OWN }, false],
  ['a replica', {}, false],
])('%s writes heartbeats: %#', (_who, change, may) => {
  expect(mayWriteHeartbeat(situation(change))).toBe(may)
})
