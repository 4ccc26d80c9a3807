import fc from 'fast-check'
import { expect, test } from 'vitest'
import { elect } from '../../agent/election.ts'
import type { Holder } from '../../agent/holder.ts'
import { compareCoordinates } from '../../lib/mysql/coordinates.ts'
import { contains, gtidSet, union } from '../../lib/mysql/gtid-set.ts'
import { UUID } from './situations.ts'

const anyHolder = (node: string): fc.Arbitrary<Holder> =>
  fc.uniqueArray(fc.integer({ min: 1, max: 6 })).map(numbers => ({
    node,
    sound: true,
    held: { by: 'gtid', flavour: 'mysql', set: gtidSet(numbers.map(n => [UUID, [n, n]] as const)) },
  }))
const setOf = ({ held }: Holder) => (held.by === 'gtid' ? held.set : gtidSet([]))

test('whoever is elected holds everything that anyone held', () => {
  fc.assert(
    fc.property(anyHolder('alpha'), anyHolder('beta'), anyHolder('gamma'), (alpha, beta, gamma) => {
      const verdict = elect(alpha, [beta, gamma], { held: [alpha.held, beta.held, gamma.held], history: '' })
      const everything = [alpha, beta, gamma].map(setOf).reduce(union)
      if (verdict.say === 'go') expect(contains(setOf(alpha), everything)).toBe(true)
      if (verdict.say === 'catch-up') expect(contains(setOf(verdict.from), everything)).toBe(true)
      if (verdict.say === 'refuse') {
        expect([alpha, beta, gamma].some(holder => contains(setOf(holder), everything))).toBe(false)
      }
    }),
  )
})

test.each([
  ['binlog.000009', 4, 'binlog.000010', 4, 'behind'],
  ['binlog.999999', 4, 'binlog.1000000', 4, 'behind'],
  ['binlog.000009', 500, 'binlog.000009', 4, 'ahead'],
  ['binlog.000009', 4, 'binlog.000009', 4, 'equal'],
  ['binlog.000009', 4, 'mysql-bin.000009', 4, undefined],
] as const)('%s:%d is to %s:%d: %s', (aFile, aPosition, bFile, bPosition, stands) => {
  const [a, b] = [
    { file: aFile, position: aPosition },
    { file: bFile, position: bPosition },
  ]
  expect(compareCoordinates(a, b)).toBe(stands)
})
