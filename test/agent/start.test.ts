import { expect, test } from 'vitest'
import { decide } from '../../agent/transitions.ts'
import { parseUncheckedCut, uncheckedCut } from '../../agent/unchecked-cut.ts'
import type { GtidSet } from '../../lib/mysql/gtid-set.ts'
import { answering, memory, OWN_UUID, situation, UUID, unpromoted } from './situations.ts'

const CUT = { file: '/var/lib/mysql/binlog.000002', position: 700 }

test('a start that follows one which did not come to the check of its cut checks it', () => {
  const quarantines = new Map([['alpha', `${uncheckedCut(CUT)}; run heir rejoin on alpha`]])
  const plan = decide(
    'start',
    situation({ instance: unpromoted(), source: answering('1-20'), memory: memory({ quarantines }) }),
  )
  expect(plan).toMatchObject({ steps: [{ do: 'check-cut', cut: CUT }], next: 'look-again' })
})
test.each([
  ['takes writes', true, UUID, ['cut-tail', 'launch-server', 'check-cut']],
  ['takes no writes, and wrote it itself', false, UUID, ['launch-server']],
  ['takes no writes, and did not write it', false, OWN_UUID, ['cut-tail', 'launch-server', 'check-cut']],
])('what a source lacks that %s', (_, writable, writer, steps) => {
  const transactions = new Map([[writer, [[21, 21]]]]) as GtidSet
  const cut = { ...CUT, headEnd: 4, laterFiles: [], transactions }
  const tail = { say: 'cut', because: 'it ends with more', cut } as const
  const source = answering('1-20', { writable })
  const plan = decide('start', situation({ instance: { state: 'stopped' }, source, tail }))
  expect(plan.steps.map(step => step.do)).toEqual(steps)
})
test('a quarantine for another reason is not lifted by a start', () => {
  const quarantines = new Map([['alpha', 'its engine may have committed what was cut from binlog.000002']])
  const plan = decide(
    'start',
    situation({ instance: unpromoted(), source: answering('1-20'), memory: memory({ quarantines }) }),
  )
  expect(plan.steps).toEqual([])
  expect(parseUncheckedCut('the cut of binlog.000002 has not been checked yet')).toBeUndefined()
})
