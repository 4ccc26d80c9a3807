import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  compare,
  contains,
  count,
  empty,
  entries,
  type GtidSet,
  gtidSet,
  isEmpty,
  subtract,
  union,
} from '../../../lib/mysql/gtid-set.ts'
import { anyEntries, anySet, modelOf } from './gtid-model.ts'

const keys = ['0-1', '0-2', '1-1']
const set = anySet(keys)

/** What every set promises: no key without intervals; intervals in order, with a gap between any two. */
function wellFormed(checked: GtidSet): boolean {
  return [...checked.values()].every(
    intervals =>
      intervals.length > 0 &&
      intervals.every(([first, last]) => first >= 1 && first <= last) &&
      intervals.every(([first], index) => index === 0 || first > (intervals[index - 1]?.[1] ?? 0) + 1),
  )
}

describe('against sets of names', () => {
  test('a set holds exactly the transactions of the intervals that it is made of', () => {
    fc.assert(
      fc.property(anyEntries(keys), given => {
        const made = gtidSet(given)
        const expected = given.flatMap(entry => [...modelOf(new Map([[entry[0], [entry[1]]]]))])
        expect(modelOf(made)).toEqual(new Set(expected))
        expect(wellFormed(made)).toBe(true)
      }),
    )
  })

  test('union holds what either holds', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        expect(modelOf(union(a, b))).toEqual(modelOf(a).union(modelOf(b)))
        expect(wellFormed(union(a, b))).toBe(true)
      }),
    )
  })

  test('subtract leaves what only the first holds', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        expect(modelOf(subtract(a, b))).toEqual(modelOf(a).difference(modelOf(b)))
        expect(wellFormed(subtract(a, b))).toBe(true)
      }),
    )
  })

  test('contains is the superset relation', () => {
    const pairs = fc.oneof(
      fc.tuple(set, set),
      fc.tuple(set, set).map(([a, b]) => [union(a, b), b] as const),
    )
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        expect(contains(a, b)).toBe(modelOf(a).isSupersetOf(modelOf(b)))
      }),
    )
  })

  test('count counts the names', () => {
    fc.assert(
      fc.property(set, a => {
        expect(count(a)).toBe(modelOf(a).size)
      }),
    )
  })
})

describe('laws', () => {
  test('union is commutative, associative and idempotent, and equal sets look equal', () => {
    fc.assert(
      fc.property(set, set, set, (a, b, c) => {
        expect(union(a, b)).toEqual(union(b, a))
        expect(union(union(a, b), c)).toEqual(union(a, union(b, c)))
        expect(union(a, a)).toEqual(a)
      }),
    )
  })

  test('what is subtracted and added again gives the union', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        expect(union(subtract(a, b), b)).toEqual(union(a, b))
      }),
    )
  })

  test('a set is ahead of its proper subsets, which are behind it', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        const both = union(a, b)
        const grown = !isEmpty(subtract(b, a))
        expect(compare(both, a)).toBe(grown ? 'ahead' : 'equal')
        expect(compare(a, both)).toBe(grown ? 'behind' : 'equal')
      }),
    )
  })

  test('sets are diverged exactly when each holds something of its own', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        const eachItsOwn = !isEmpty(subtract(a, b)) && !isEmpty(subtract(b, a))
        expect(compare(a, b) === 'diverged').toBe(eachItsOwn)
      }),
    )
  })

  test('a set is made of its own entries', () => {
    fc.assert(
      fc.property(set, a => {
        expect(gtidSet(entries(a))).toEqual(a)
      }),
    )
  })
})

describe('examples', () => {
  test('intervals that touch become one', () => {
    expect(
      gtidSet([
        ['0-1', [4, 6]],
        ['0-1', [1, 3]],
      ]),
    ).toEqual(new Map([['0-1', [[1, 6]]]]))
  })

  test('intervals with a gap of one transaction stay apart', () => {
    expect(
      gtidSet([
        ['0-1', [5, 6]],
        ['0-1', [1, 3]],
      ]).get('0-1'),
    ).toEqual([
      [1, 3],
      [5, 6],
    ])
  })

  test('a server that the other side never heard of is not contained', () => {
    const source = gtidSet([['0-1', [1, 100]]])
    const elsewhere = gtidSet([['0-2', [1, 1]]])
    expect(contains(source, elsewhere)).toBe(false)
    expect(compare(source, elsewhere)).toBe('diverged')
  })

  test('the empty set is contained in every set and behind all but itself', () => {
    expect(contains(gtidSet([['0-1', [1, 1]]]), empty)).toBe(true)
    expect(compare(empty, gtidSet([['0-1', [1, 1]]]))).toBe('behind')
    expect(compare(empty, empty)).toBe('equal')
  })

  test('subtracting everything of a server removes the server', () => {
    expect(subtract(gtidSet([['0-1', [3, 5]]]), gtidSet([['0-1', [1, 9]]]))).toEqual(empty)
  })
})
