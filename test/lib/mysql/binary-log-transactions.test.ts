import { describe, expect, test } from 'vitest'
import { readHead, readTransactions } from '../../../lib/mysql/binary-log-transactions.ts'
import { formatGtidSet, parseGtidSet } from '../../../lib/mysql/gtid-text.ts'
import type { FlavourName } from '../../../lib/mysql/server-facts.ts'
import { BufferBytes, executedAfter, FLAVOURS, fixture, LISTED_LOGS, listedEvents } from './binary-log-fixtures.ts'

const bytes = (...of: Parameters<typeof fixture>) => new BufferBytes(fixture(...of))

describe.each(FLAVOURS)('%s', flavour => {
  test.each(LISTED_LOGS)('%s has the transactions that the server lists, all complete', file => {
    const transactions = [...readTransactions(bytes(flavour, file))]
    const separator = flavour === 'mysql' ? ':' : '-'
    const found = transactions.map(({ gtid, position }) => ({
      position,
      gtid: `${gtid.key}${separator}${gtid.number}`,
    }))
    const listed = listedEvents(flavour, file).filter(({ gtid }) => gtid !== undefined)
    expect(found).toEqual(listed.map(({ position, gtid }) => ({ position, gtid })))
    expect(transactions.every(({ complete }) => complete)).toBe(true)
  })

  test.each([
    ['mysql-bin.000001', { startedServer: true, inUse: false }],
    ['mysql-bin.000002', { startedServer: false, inUse: false }],
    ['mysql-bin.000003', { startedServer: false, inUse: true }],
    ['mysql-bin.000004', { startedServer: true, inUse: false }],
  ])('%s: %o', (file, expected) => {
    expect(readHead(bytes(flavour, file))).toMatchObject({ flavour, ...expected })
  })

  test.each([
    ['mysql-bin.000002', 'mysql-bin.000001'],
    ['mysql-bin.000004', 'mysql-bin.000003'],
  ])('%s begins with what was executed at the end of %s', (file, before) => {
    expect(readHead(bytes(flavour, file)).history).toEqual(parseGtidSet(flavour, executedAfter(flavour, before)))
  })

  test('the first log of a server begins with nothing executed', () => {
    expect(formatGtidSet(flavour, readHead(bytes(flavour, 'mysql-bin.000001')).history)).toBe('')
  })

  test('a transaction is complete only in a log that holds its last event', () => {
    const log = fixture(flavour, 'mysql-bin.000003')
    const [only] = readTransactions(new BufferBytes(log))
    const completeFrom = [...Array(log.length + 1).keys()].find(length => {
      const start = only?.position ?? 0
      return length > start && [...readTransactions(new BufferBytes(log.subarray(0, length)))][0]?.complete
    })
    const commit = listedEvents(flavour, 'mysql-bin.000003').findLast(({ position }) => position < (completeFrom ?? 0))
    expect(completeFrom).toBe((commit?.position ?? 0) + (commit?.size ?? 0))
  })
})

/** The numbers of the transactions in the first log that a cut does not undo; see statements.sql for what they did. */
const lasting = (flavour: FlavourName) =>
  [...readTransactions(bytes(flavour, 'mysql-bin.000001'))]
    .filter(transaction => transaction.lasting !== undefined)
    .map(({ gtid, lasting: why }) => `${gtid.number} ${why}`)

test('on MySQL, what MyISAM tables, ANALYZE and FLUSH did lasts', () => {
  expect(lasting('mysql')).toEqual([
    '3 a statement that is not atomic',
    '5 a write to a table without transactions',
    '8 a statement that is not atomic',
    '15 a statement that is not atomic',
    '19 a statement that is not atomic',
    '20 a statement that is not atomic',
  ])
})

test('on MariaDB, what DDL, XA, MyISAM tables and sequences did lasts', () => {
  const ddl = [1, 2, 3, 7, 8, 9, 10, 11, 12, 13, 14, 15, 19, 20, 23].map(number => `${number} a change of a definition`)
  const plain = [5, 24].map(number => `${number} a write to a table without transactions`)
  const xa = [16, 17].map(number => `${number} a part of an XA transaction`)
  expect(new Set(lasting('mariadb'))).toEqual(new Set([...ddl, ...plain, ...xa]))
})

test('transactions without GTID are refused', () => {
  expect(() => [...readTransactions(bytes('mysql', 'without-gtid'))]).toThrow('without GTID')
})

test('a log that ends before its list of earlier transactions has no head', () => {
  const log = fixture('mysql', 'mysql-bin.000003').subarray(0, 140)
  expect(() => readHead(new BufferBytes(log))).toThrow('lacks the list')
})
