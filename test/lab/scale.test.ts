import { expect, test } from 'vitest'
import { scale, ticks } from './scale.ts'

test('a scale maps the ends to the ends and the middle to the middle', () => {
  const place = scale(100, 200, 10, 50)
  expect([100, 150, 200].map(place)).toEqual([10, 30, 50])
})

test('a scale may run downwards, as paper does', () => {
  const place = scale(0, 10, 100, 0)
  expect([0, 2.5, 10].map(place)).toEqual([100, 75, 0])
})

test.each([
  { max: 390, count: 4, expected: [0, 100, 200, 300, 400] },
  { max: 400, count: 4, expected: [0, 100, 200, 300, 400] },
  { max: 401, count: 4, expected: [0, 200, 400, 600] },
  { max: 33, count: 8, expected: [0, 5, 10, 15, 20, 25, 30, 35] },
  { max: 7, count: 4, expected: [0, 2, 4, 6, 8] },
  { max: 1, count: 4, expected: [0, 1] },
  { max: 0, count: 4, expected: [0, 1] },
])('the ticks up to $max are round and reach it', ({ max, count, expected }) => {
  expect(ticks(max, count)).toEqual(expected)
})
