import { expect, test } from 'vitest'
import { decide } from '../../agent/transitions.ts'
import { parseUncheckedCut, uncheckedCut } from '../../agent/unchecked-cut.ts'
import { answering, memory, situation, unpromoted } from './situations.ts'

const CUT = { file: '/var/lib/mysql/binlog.000002', position: 700 }

test('a start that follows one which did not come to the check of its cut checks it', () => {
  const quarantines = new Map([['alpha', `${uncheckedCut(CUT)}; run heir rejoin on alpha`]])
  const plan = decide(
    'start',
    situation({ instance: unpromoted(), source: answering('1-20'), memory: memory({ quarantines }) }),
  )
  expect(plan).toMatchObject({ steps: [{ do: 'check-cut', cut: CUT }], next: 'look-again' })
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
