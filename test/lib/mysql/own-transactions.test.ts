import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { GtidSet } from '../../../lib/mysql/gtid-set.ts'
import { formatGtidSet, parseGtidSet } from '../../../lib/mysql/gtid-text.ts'
import { ownTransactionsBeyond, ownTransactionsLacked, type Writer } from '../../../lib/mysql/own-transactions.ts'
import { anySet, modelOf } from './gtid-model.ts'

const MINE = '3e11fa47-71ca-11e1-9e33-c80aa9429562'
const THEIRS = '4e11fa47-71ca-11e1-9e33-c80aa9429562'

const mysql = (executed: string): Writer => ({
  flavour: 'mysql',
  serverId: 1,
  serverUuid: MINE,
  executed: parseGtidSet('mysql', executed),
})
const mariadb = (executed: string): Writer => ({
  flavour: 'mariadb',
  serverId: 1,
  serverUuid: undefined,
  executed: parseGtidSet('mariadb', executed),
})
const beyond = (writer: Writer, history: string) =>
  formatGtidSet(writer.flavour, ownTransactionsBeyond(writer, parseGtidSet(writer.flavour, history)))

test.each([
  ['what a replica replicated is none of its own', `${MINE}:1-5,${THEIRS}:1-90`, `${MINE}:1-5,${THEIRS}:1-7`, ''],
  ['what it wrote behind the position is', `${MINE}:1-8,${THEIRS}:1-90`, `${MINE}:1-5`, `${MINE}:6-8`],
  ['what it wrote with a tag is', `${MINE}:1-5:tag:1-2,${THEIRS}:tag:1`, `${MINE}:1-5`, `${MINE}:tag:1-2`],
  ['a gap in the position counts', `${MINE}:1-9`, `${MINE}:1-3:6-9`, `${MINE}:4-5`],
  ['of an empty position all is beyond', `${MINE}:1-3`, '', `${MINE}:1-3`],
])('MySQL: %s', (_, executed, position, expected) => {
  expect(beyond(mysql(executed), position)).toBe(expected)
})

test('MySQL: the case of its identity does not count', () => {
  const writer = { ...mysql(`${MINE}:1-3`), serverUuid: MINE.toUpperCase() }
  expect(beyond(writer, `${MINE}:1`)).toBe(`${MINE}:2-3`)
})

test.each([
  ['what a replica replicated is none of its own', '0-1-5,0-2-90', '0-1-5,0-2-7', ''],
  ['what it wrote beside a number of another server is', '0-1-62,0-2-60', '0-1-50,0-2-62', '0-1-51..62'],
  ['each domain counts for itself', '0-1-9,1-1-9', '0-1-20,1-1-8', '1-1-9..9'],
  ['another server with a similar number is another server', '0-11-9,0-1-1', '0-1-1', ''],
  ['of an empty history all is beyond', '0-1-3', '', '0-1-3'],
])('MariaDB: %s', (_, executed, history, expected) => {
  expect(beyond(mariadb(executed), history)).toBe(expected)
})

const MYSQL_KEYS = [MINE, `${MINE}:tag`, THEIRS, `${THEIRS}:tag`]
const transactions = (set: GtidSet) => [...modelOf(set)].sort()

test('every transaction of its own outside of the history, and no other', () => {
  fc.assert(
    fc.property(anySet(MYSQL_KEYS), anySet(MYSQL_KEYS), (executed, history) => {
      const found = ownTransactionsBeyond({ ...mysql(''), executed }, history)
      const covered = modelOf(history)
      expect(transactions(found)).toEqual(
        transactions(executed).filter(name => name.startsWith(MINE) && !covered.has(name)),
      )
    }),
  )
})

const lacked = (writer: Writer, theirs: string) =>
  formatGtidSet(writer.flavour, ownTransactionsLacked(writer, parseGtidSet(writer.flavour, theirs)))

test.each([
  ['what another one wrote is not lacking', `${MINE}:1-5`, `${MINE}:1-5,${THEIRS}:1-90`, ''],
  ['what it wrote behind an older copy is', `${MINE}:1-5,${THEIRS}:1-7`, `${MINE}:1-8,${THEIRS}:1-90`, `${MINE}:6-8`],
  [
    'it stays so when it has followed and skipped it',
    `${MINE}:1-5,${THEIRS}:1-9`,
    `${MINE}:1-8,${THEIRS}:1-9`,
    `${MINE}:6-8`,
  ],
  ['what it wrote with a tag counts', `${MINE}:1-5`, `${MINE}:1-5:tag:1-2`, `${MINE}:tag:1-2`],
  ['a server without data has another name', '', `${THEIRS}:1-9`, ''],
])('MySQL, lacked: %s', (_, executed, theirs, expected) => {
  expect(lacked(mysql(executed), theirs)).toBe(expected)
})

test.each([
  ['what another one wrote is not lacking', '0-1-5', '0-1-5,0-2-90', ''],
  ['what it wrote behind an older copy is', '0-1-5,0-2-4', '0-1-8,0-2-90', '0-1-6..8'],
  ['it stays so when it has followed and skipped it', '0-1-5,0-2-90', '0-1-8,0-2-90', '0-1-6..8'],
  ['data of a backup without the state of the log hold what is before their position', '0-2-90', '0-1-80,0-2-90', ''],
  ['and lack what is behind it', '0-2-70,0-3-60', '0-1-80,0-2-90', '0-1-71..80'],
  ['a server without data that has the name of an earlier one lacks all', '', '0-1-80,0-2-90', '0-1-80'],
  ['each domain counts for itself', '0-1-9,1-2-3', '0-1-9,1-1-7', '1-1-4..7'],
  ['another server with a similar number is another server', '0-1-9', '0-11-20,0-1-9', ''],
])('MariaDB, lacked: %s', (_, executed, theirs, expected) => {
  expect(lacked(mariadb(executed), theirs)).toBe(expected)
})

test('what is lacked and what is held make up all of its own, and nothing is both', () => {
  fc.assert(
    fc.property(anySet(MYSQL_KEYS), anySet(MYSQL_KEYS), (executed, theirs) => {
      const found = transactions(ownTransactionsLacked({ ...mysql(''), executed }, theirs))
      const held = modelOf(executed)
      expect(found).toEqual(transactions(theirs).filter(name => name.startsWith(MINE) && !held.has(name)))
    }),
  )
})
