import fc from 'fast-check'
import { entries, type GtidSet, gtidSet, type Interval } from '../../../lib/mysql/gtid-set.ts'

/** The naive model of a GTID set: the name of every transaction in it. */
export type Model = ReadonlySet<string>

export function modelOf(set: GtidSet): Model {
  const names = new Set<string>()
  for (const [key, [first, last]] of entries(set)) {
    for (let number = first; number <= last; number++) names.add(`${key}#${number}`)
  }
  return names
}

const interval: fc.Arbitrary<Interval> = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 6 }))
  .map(([first, more]) => [first, first + more])

/** Keyed intervals in any order, overlapping, touching and repeating. */
export function anyEntries(keys: readonly string[]): fc.Arbitrary<[string, Interval][]> {
  return fc.array(fc.tuple(fc.constantFrom(...keys), interval), { maxLength: 12 })
}

export function anySet(keys: readonly string[]): fc.Arbitrary<GtidSet> {
  return anyEntries(keys).map(given => gtidSet(given))
}
