import { expect, test } from 'vitest'
import { parseMariadbPositions } from '../../../lib/mysql/mariadb-positions.ts'
import { furthestPosition, notBeyond } from '../../../lib/mysql/mariadb-start.ts'

test.each([
  ['a former source starts after what it wrote itself', '0-2-50', '0-1-60', '0-1-60'],
  ['a replica that logs nothing starts after what it applied', '0-2-50', '', '0-2-50'],
  ['each domain counts for itself', '0-1-5,1-1-9', '0-1-7,1-1-3,2-1-1', '0-1-7,1-1-9,2-1-1'],
  ['numbers compare as numbers, however long', '0-1-9', '0-1-18446744073709551615', '0-1-18446744073709551615'],
  ['a new server starts at nothing', '', '', ''],
])('%s', (_, applied, logged, start) => {
  expect(furthestPosition(applied, logged)).toBe(start)
  expect(furthestPosition(logged, applied).split(',').sort()).toEqual(start.split(',').sort())
})

test.each([
  ['where the source has all of it, it begins at its own end', '1-1-5,2-2-9', '1-1-7,2-2-9', '1-1-5,2-2-9'],
  ['what it wrote itself and the source lacks is left out', '1-1-9,2-2-9', '1-1-7,2-2-9', '1-1-7,2-2-9'],
  ['a domain counts whoever wrote in it', '1-1-9,2-2-9', '1-1-5,1-100-8,2-2-9', '1-100-8,2-2-9'],
  ['a domain in which the source has nothing begins at its beginning', '1-1-9,2-2-9', '2-2-9', '2-2-9'],
])('of a pair: %s', (_, own, source, start) => {
  expect(notBeyond(own, parseMariadbPositions(source))).toBe(start)
})
