import { expect, test } from 'vitest'
import { gtidSet } from '../../../lib/mysql/gtid-set.ts'
import { describeGtidSet, formatGtidSet, parseGtidSet } from '../../../lib/mysql/gtid-text.ts'

test.each([
  ['mysql', '3e11fa47-71ca-11e1-9e33-c80aa9429562:1-3'],
  ['mariadb', '0-1-100,0-2-105'],
] as const)('%s sets are read and written in its own words', (flavour, text) => {
  expect(formatGtidSet(flavour, parseGtidSet(flavour, text))).toBe(text)
})

test('the words of one flavour are refused by the other', () => {
  expect(() => parseGtidSet('mysql', '0-1-100')).toThrow('UUID')
  expect(() => parseGtidSet('mariadb', '3e11fa47-71ca-11e1-9e33-c80aa9429562:1')).toThrow('domain-server-number')
})

test('a set of many parts is cut short in a sentence', () => {
  const many = gtidSet(Array.from({ length: 500 }, (_, index) => ['0-1', [2 * index + 1, 2 * index + 1]]))
  expect(describeGtidSet('mariadb', many)).toMatch(/^0-1-1,0-1-3\.\.3,.*…$/)
  expect(describeGtidSet('mariadb', many).length).toBeLessThan(210)
  expect(describeGtidSet('mariadb', gtidSet([['0-1', [1, 7]]]))).toBe('0-1-7')
})
