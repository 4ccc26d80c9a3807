import { expect, test } from 'vitest'
import { fitness } from '../../agent/fitness.ts'
import type { LagLook } from '../../agent/reader-sight.ts'
import type { InstanceView } from '../../agent/situation.ts'
import type { Replication } from '../../lib/mysql/server-facts.ts'
import { answering, readers, replication, situation, unpromoted } from './situations.ts'

const GONE: InstanceView = { answers: false, because: 'connection refused', silent: true }
const BACKLOG = { appliedTo: { file: 'binlog.000007', position: 400 } }

interface Found extends Partial<Replication> {
  readonly look?: LagLook
  readonly source?: InstanceView
}

function judged({ look, source, ...change }: Found) {
  const instance = unpromoted({ replication: replication(change) })
  return fitness(situation({ instance, source, readers: readers({ lagLook: look }) }))
}
const isRead = (found: Found) => judged(found).readable

const TRAILING = { trailing: true, unknownSeconds: 0 }
const LOST = { receiver: 'connecting', lagSeconds: undefined } as const

test('readers leave a replica that is behind by more than the limit, and not one just at it', () => {
  expect(isRead({ lagSeconds: 60 })).toBe(true)
  expect(isRead({ lagSeconds: 60.5 })).toBe(false)
})
test('readers that have left come back at the smaller limit, and not before', () => {
  expect(isRead({ lagSeconds: 31, look: TRAILING })).toBe(false)
  expect(isRead({ lagSeconds: 30, look: TRAILING })).toBe(true)
})
test('the sentence says how far it is behind', () => {
  expect(judged({ lagSeconds: 61.2 }).because).toBe('alpha trails the source: 61 s behind')
})
test('a replica that has lost sight of a source that is there is read for as long as it may be behind', () => {
  const lost = (unknownSeconds: number) => ({
    ...LOST,
    source: answering('1-20'),
    look: { trailing: false, unknownSeconds },
  })
  expect(isRead({ ...LOST, source: answering('1-20') })).toBe(true)
  expect(isRead(lost(60))).toBe(true)
  expect(judged(lost(61))).toMatchObject({
    readable: false,
    because: 'alpha trails the source: for 61 s nobody has known how far',
  })
})
test('without a source readers stay, however long that lasts: nothing gets older', () => {
  expect(isRead({ ...LOST, source: GONE, look: { trailing: false, unknownSeconds: 3600 } })).toBe(true)
})
test('a replica that trailed when the source was lost is read again when it has applied what it received', () => {
  expect(isRead({ ...LOST, ...BACKLOG, source: GONE, look: TRAILING })).toBe(false)
  expect(isRead({ ...LOST, source: GONE, look: TRAILING })).toBe(true)
})
test('a replica that trailed does not come back by losing sight of the source', () => {
  expect(isRead({ ...LOST, source: answering('1-20'), look: TRAILING })).toBe(false)
})
