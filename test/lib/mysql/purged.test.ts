import { expect, test } from 'vitest'
import { parseGtidSet } from '../../../lib/mysql/gtid-text.ts'
import { isServedBy } from '../../../lib/mysql/purged.ts'
import type { FlavourName } from '../../../lib/mysql/server-facts.ts'

const UUID = '3e11fa47-71ca-11e1-9e33-c80aa9429562'
const serves = (flavour: FlavourName, executed: string, purged: string) =>
  isServedBy(flavour, parseGtidSet(flavour, executed), parseGtidSet(flavour, purged))

test('a MySQL source serves who has executed all that it has purged', () => {
  expect(serves('mysql', `${UUID}:1-10`, `${UUID}:1-10`)).toBe(true)
  expect(serves('mysql', `${UUID}:1-10`, '')).toBe(true)
  expect(serves('mysql', `${UUID}:1-10`, `${UUID}:1-11`)).toBe(false)
})
test('a MariaDB source serves who has reached, in each domain, what it has purged', () => {
  expect(serves('mariadb', '0-1-100', '')).toBe(true)
  expect(serves('mariadb', '0-1-100,0-2-50', '0-2-50')).toBe(true)
  expect(serves('mariadb', '0-1-100', '0-3-50')).toBe(true) // a copied server knows the last writer only
  expect(serves('mariadb', '0-1-100', '0-2-101')).toBe(false)
  expect(serves('mariadb', '0-1-100', '0-1-90,1-1-1')).toBe(false)
})
