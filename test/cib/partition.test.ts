import { expect, test } from 'vitest'
import { isMajority } from '../../cib/partition.ts'

test.each([
  [['a', 'b'], 3, true],
  [['a'], 3, false],
  [['a', 'b'], 4, false],
  [['a', 'b', 'c'], 4, true],
  [['a', 'b'], 5, false],
  [['a'], 2, true],
  [['a'], 1, true],
] as const)('%s of %s nodes may decide: %s', (members, number, may) => {
  const nodes = ['a', 'b', 'c', 'd', 'e'].slice(0, number)
  expect(isMajority(members, nodes)).toBe(may)
})
