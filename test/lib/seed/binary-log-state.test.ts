import { expect, test } from 'vitest'
import { backupPosition, binaryLogState, dumpPosition } from '../../../lib/seed/binary-log-state.ts'

test('the last transaction of each domain comes last, and those of other servers stay', () => {
  expect(binaryLogState('0-1-90,0-2-95,1-1-7', '0-2-100,1-1-7')).toBe('0-1-90\n0-2-100\n1-1-7\n')
  expect(binaryLogState('', '0-1-1')).toBe('0-1-1\n')
  expect(binaryLogState('0-1-90', '0-2-91')).toBe('0-1-90\n0-2-91\n')
})

test('the position is in what mariadb-backup leaves', () => {
  expect(backupPosition('binlog.000001\t1243\t0-1-5\n')).toBe('0-1-5')
  expect(backupPosition('binlog.000007\t330\t0-1-5,1-2-9')).toBe('0-1-5,1-2-9')
  expect(() => backupPosition('')).toThrow('at which GTID it ends')
  expect(() => backupPosition('binlog.000001\t1243')).toThrow('binary log')
})

test('the position is in what mariadb-dump writes, on a line of its own', () => {
  expect(dumpPosition("-- something\n-- SET GLOBAL gtid_slave_pos='0-1-5';\nmore")).toBe('0-1-5')
  expect(dumpPosition("SET GLOBAL gtid_slave_pos='0-1-5,1-1-1';")).toBe('0-1-5,1-1-1')
  expect(() => dumpPosition("INSERT INTO t VALUES ('SET GLOBAL gtid_slave_pos=''0-1-5''');")).toThrow('the dump')
})
