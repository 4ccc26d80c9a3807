import { expect, test } from 'vitest'
import { committedBehindCut, committedTo } from '../../../lib/mysql/engine-position.ts'

/** A start of MariaDB 10.11.19 after a kill. */
const ERROR_LOG = `2026-11-21  1:36:25 0 [Note] InnoDB: Starting crash recovery from checkpoint LSN=50940
2026-11-21  1:36:25 0 [Note] InnoDB: Transaction 47 was in the XA prepared state.
2026-11-21  1:36:25 0 [Note] InnoDB: To recover: 5 pages
2026-11-21  1:36:25 0 [Note] InnoDB: Last binlog file './mysql-bin.000002', position 1944
2026-11-21  1:36:25 0 [Note] InnoDB: 128 rollback segments are active.
2026-11-21  1:36:25 0 [Note] Recovering after a crash using mysql-bin
`

const cut = { file: '/data/mysql-bin.000002', position: 1944 }

test('the engine names the position that it had committed', () => {
  expect(committedTo(ERROR_LOG)).toEqual({ file: 'mysql-bin.000002', position: 1944 })
})

test('of several starts the last one counts', () => {
  const again = ERROR_LOG.replaceAll('1944', '2149')
  expect(committedTo(ERROR_LOG + again)).toEqual({ file: 'mysql-bin.000002', position: 2149 })
})

test('a start after a clean shutdown names none', () => {
  expect(committedTo('2026-11-21  1:36:25 0 [Note] InnoDB: 128 rollback segments are active.\n')).toBeUndefined()
})

test.each([
  ['mysql-bin.000001', 9999, false],
  ['mysql-bin.000002', 1944, false],
  ['mysql-bin.000002', 1945, true],
  ['mysql-bin.000003', 4, true],
  ['renamed.000001', 4, true],
])('committed to %s:%i lies behind the cut: %s', (file, position, behind) => {
  expect(committedBehindCut(cut, { file, position })).toBe(behind)
})
