import { expect, test } from 'vitest'
import { empty, gtidSet } from '../../../lib/mysql/gtid-set.ts'
import { obstacleToCutting } from '../../../lib/mysql/tail-obstacles.ts'
import { MOST_TRANSACTIONS } from '../../../lib/mysql/tail-reading.ts'
import { BufferBytes } from './binary-log-fixtures.ts'

const tailOf = (transactions: number) => {
  const one = { gtid: { key: '0-1', number: 101 }, position: 500, complete: true, lasting: undefined }
  const head = { flavour: 'mariadb', inUse: true, startedServer: true, history: empty, end: 300 } as const
  const log = { file: '/data/mysql-bin.000003', bytes: new BufferBytes(Buffer.alloc(0)) }
  const reading = { log, head, unknown: Array.from({ length: transactions }, () => one), lastKnown: 400 }
  return { readings: [reading], transactions: gtidSet([['0-1', [101, 101]]]), held: gtidSet([['0-1', [1, 100]]]) }
}

test('as many transactions as there can be sessions may wait', () => {
  expect(obstacleToCutting(tailOf(MOST_TRANSACTIONS))).toBeUndefined()
})

test('more transactions than there can be sessions are not cut', () => {
  expect(obstacleToCutting(tailOf(MOST_TRANSACTIONS + 1))).toBe(
    'mysql-bin.000003 holds more than 100000 transactions that the source lacks',
  )
})
