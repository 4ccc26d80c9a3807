import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type GtidSet, isEmpty } from '../../../lib/mysql/gtid-set.ts'
import { formatGtidSet, parseGtidSet } from '../../../lib/mysql/gtid-text.ts'
import { formatMariadbPositions } from '../../../lib/mysql/mariadb-positions.ts'
import { formatMysqlGtidSet } from '../../../lib/mysql/mysql-gtid-set.ts'
import { ownTransactionsBeyond, type Writer } from '../../../lib/mysql/own-transactions.ts'
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
const beyond = (writer: Writer, position: string) =>
  formatGtidSet(writer.flavour, ownTransactionsBeyond(writer, position))

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
  ['what a replica replicated is none of its own', '0-1-5,0-2-90', '0-2-7', ''],
  ['the position of another server covers what this one wrote before', '0-1-50,0-2-60', '0-2-60', ''],
  ['what it wrote behind the position is beyond it', '0-1-62,0-2-60', '0-2-60', '0-1-61..62'],
  ['each domain counts for itself', '0-1-9,1-1-9,10-1-4', '0-2-20,1-2-8', '1-1-9..9,10-1-4'],
  ['the furthest of several positions of a domain counts', '0-1-9', '0-2-7,0-1-3', '0-1-8..9'],
  ['another server with a similar number is another server', '0-11-9,0-1-1', '0-2-1', ''],
  ['of an empty position all is beyond', '0-1-3', '', '0-1-3'],
])('MariaDB: %s', (_, executed, position, expected) => {
  expect(beyond(mariadb(executed), position)).toBe(expected)
})

test('a text that is no position is refused', () => {
  expect(() => ownTransactionsBeyond(mariadb('0-1-3'), 'nowhere')).toThrow(/needs domain-server-number/)
  expect(() => ownTransactionsBeyond(mysql(`${MINE}:1`), '0-1-3')).toThrow(/needs a server UUID/)
})

const MYSQL_KEYS = [MINE, `${MINE}:tag`, THEIRS, `${THEIRS}:tag`]
const MARIADB_KEYS = ['0-1', '0-2', '0-11', '1-1', '1-2', '10-1']

const transactions = (set: GtidSet) => [...modelOf(set)].sort()

test('MySQL: every transaction of its own outside of the position, and no other', () => {
  fc.assert(
    fc.property(anySet(MYSQL_KEYS), anySet(MYSQL_KEYS), (executed, position) => {
      const found = ownTransactionsBeyond({ ...mysql(''), executed }, formatMysqlGtidSet(position))
      const covered = modelOf(position)
      expect(transactions(found)).toEqual(
        transactions(executed).filter(name => name.startsWith(MINE) && !covered.has(name)),
      )
    }),
  )
})

test('MariaDB: every transaction of its own with a number above its domain’s, and no other', () => {
  fc.assert(
    fc.property(anySet(MARIADB_KEYS), fc.array(fc.constantFrom(...MARIADB_KEYS)), (executed, keys) => {
      const positions = keys.map((key, n) => ({ key, last: (n * 7) % 45 }))
      const found = ownTransactionsBeyond({ ...mariadb(''), executed }, text(positions))
      const isBeyond = (name: string) => {
        const [, domain, server, number] = /^(\d+)-(\d+)#(\d+)$/.exec(name) ?? []
        const ofDomain = positions.filter(({ key }) => key.split('-')[0] === domain)
        return server === '1' && ofDomain.every(({ last }) => Number(number) > last)
      }
      expect(transactions(found)).toEqual(transactions(executed).filter(isBeyond))
    }),
  )
})

test('at its own position no server has anything beyond', () => {
  fc.assert(
    fc.property(anySet(MARIADB_KEYS), executed => {
      const position = formatMariadbPositions(executed)
      expect(isEmpty(ownTransactionsBeyond({ ...mariadb(''), executed }, position))).toBe(true)
    }),
  )
})

const text = (positions: readonly { readonly key: string; readonly last: number }[]) =>
  positions.map(({ key, last }) => `${key}-${last}`).join(',')
