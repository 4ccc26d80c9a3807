import { expect, test } from 'vitest'
import { parseGtidSet } from '../../../lib/mysql/gtid-text.ts'
import { reaches } from '../../../lib/mysql/reaches.ts'

const UUID = '3e11fa47-71ca-11e1-9e33-c80aa9429562'

test.each([
  ['mysql', `${UUID}:1-10`, `${UUID}:1-9`, true],
  ['mysql', `${UUID}:1-8:10`, `${UUID}:1-9`, false],
  ['mysql', '', '', true],
  ['mariadb', '0-2-105', '0-1-100', true], // whoever wrote it: the numbers of a domain are one row
  ['mariadb', '0-2-99,1-2-300', '0-1-100', false],
  ['mariadb', '0-1-100', '0-1-100,1-1-5', false],
] as const)('%s: "%s" and the position "%s": %s', (flavour, set, position, expected) => {
  expect(reaches(flavour, parseGtidSet(flavour, set), position)).toBe(expected)
})
