import { expect, test } from 'vitest'
import { formatGtidSet, parseGtidSet } from '../../../lib/mysql/gtid-text.ts'
import { crashedUncleanly, executedOffline } from '../../../lib/mysql/offline.ts'
import { BufferBytes, executedAfter, FLAVOURS, fixture } from './binary-log-fixtures.ts'

const logs = FLAVOURS.flatMap(flavour =>
  ['mysql-bin.000001', 'mysql-bin.000003', 'mysql-bin.000004'].map(file => [flavour, file] as const),
)

test.each(logs)('%s: the end of %s shows what the server had executed', (flavour, file) => {
  const log = { file, bytes: new BufferBytes(fixture(flavour, file)) }
  expect(executedOffline(log)).toEqual(parseGtidSet(flavour, executedAfter(flavour, file)))
})

test.each([
  [
    'mysql',
    '3e11fa47-71ca-11e1-9e33-c80aa9429562:1-24:tagged:1-2,b2a1b6f0-c60e-11f0-8a6f-02a0c5d0e001:my_tag:77:9007199254740991',
  ],
  ['mariadb', '0-1-25,0-9-26,7-1-2'],
] as const)('%s: a transaction that the log does not hold to its end was not executed', (flavour, before) => {
  const whole = fixture(flavour, 'mysql-bin.000003')
  const commit = flavour === 'mysql' ? 31 : 31 + 43
  const log = { file: 'mysql-bin.000003', bytes: new BufferBytes(whole.subarray(0, whole.length - commit + 1)) }
  expect(formatGtidSet(flavour, executedOffline(log))).toBe(before)
})

test.each([
  ['mysql-bin.000003', true],
  ['mysql-bin.000004', false],
])('%s: crashed uncleanly is %s', (file, crashed) => {
  for (const flavour of FLAVOURS) {
    expect(crashedUncleanly({ file, bytes: new BufferBytes(fixture(flavour, file)) })).toBe(crashed)
  }
})
