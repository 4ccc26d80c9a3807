import { expect, test } from 'vitest'
import { mixedHabit, SINGLE_ROWS } from './write-habit.ts'

const MEGABYTE = 2 ** 20
const shapes = (writer: number) => Array.from({ length: 400 }, (_, n) => mixedHabit(writer).shape(n + 1))
const all = Array.from({ length: 16 }, (_, writer) => shapes(writer)).flat()

test('a simple load writes single rows', () => {
  expect(SINGLE_ROWS.shape(3)).toEqual({ rows: 1, payloadBytes: 0, idleMs: 0 })
})

test('a mixed load has transactions of 1 to 20 rows', () => {
  const counts = all.map(({ rows }) => rows)
  expect([Math.min(...counts), Math.max(...counts)]).toEqual([1, 20])
})

test('a mixed load has values of 1 to 4 MB', () => {
  const sizes = new Set(all.map(({ payloadBytes }) => payloadBytes / MEGABYTE))
  expect([...sizes].sort()).toEqual([0, 1, 2, 3, 4])
})

test('two of sixteen writers idle in their transactions, for seconds', () => {
  const idlers = Array.from({ length: 16 }, (_, writer) => writer).filter(writer =>
    shapes(writer).every(({ idleMs }) => idleMs >= 1000),
  )
  expect(idlers).toHaveLength(2)
})
