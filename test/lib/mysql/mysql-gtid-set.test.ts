import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gtidSet } from '../../../lib/mysql/gtid-set.ts'
import { formatMysqlGtidSet, parseMysqlGtidSet, parseOwned } from '../../../lib/mysql/mysql-gtid-set.ts'
import { anySet } from './gtid-model.ts'

const A = '3e11fa47-71ca-11e1-9e33-c80aa9429562'
const B = 'b2a1b6f0-c60e-11f0-8a6f-02a0c5d0e001'

describe('reading', () => {
  test.each([
    ['', []],
    [' \n', []],
    [`${A}:5`, [[A, [5, 5]]]],
    [
      `${A}:1-5:11-18`,
      [
        [A, [1, 5]],
        [A, [11, 18]],
      ],
    ],
    [
      `${A}:1-3,\n${B}:1-40`,
      [
        [A, [1, 3]],
        [B, [1, 40]],
      ],
    ],
    [
      `${A}:1-3:tag:5-7,${B}:4`,
      [
        [A, [1, 3]],
        [`${A}:tag`, [5, 7]],
        [B, [4, 4]],
      ],
    ],
    [
      `${A}:tag_1:5:tag_2:1-2:9`,
      [
        [`${A}:tag_1`, [5, 5]],
        [`${A}:tag_2`, [1, 2]],
        [`${A}:tag_2`, [9, 9]],
      ],
    ],
    [
      `  ${A} : 1 - 3 : tag : 5 ,\t${B}\n: 4  `,
      [
        [A, [1, 3]],
        [`${A}:tag`, [5, 5]],
        [B, [4, 4]],
      ],
    ],
    [`${A.toUpperCase()}:TAG:1`, [[`${A}:tag`, [1, 1]]]],
    [`${A}:1-3,${A}:4-6`, [[A, [1, 6]]]],
    [`${A}:1-${Number.MAX_SAFE_INTEGER}`, [[A, [1, Number.MAX_SAFE_INTEGER]]]],
  ] as [string, [string, [number, number]][]][])('%j is understood', (text, expected) => {
    expect(parseMysqlGtidSet(text)).toEqual(gtidSet(expected))
  })

  test.each([
    ['nonsense', 'UUID'],
    ['0-1-100', 'UUID'],
    [`${A.slice(1)}:1`, 'UUID'],
    [`${A}`, 'names no transactions'],
    [`${A}:`, 'interval'],
    [`${A}:1-3:`, 'interval'],
    [`${A}:1-`, 'interval'],
    [`${A}:tag`, 'names no transactions'],
    [`${A}:1-3:tag`, 'names no transactions'],
    [`${A}:tag:other:1`, 'names no transactions'],
    [`${A}:1-3,`, 'UUID'],
    [`,${A}:1-3`, 'UUID'],
    [`${A}:0`, 'impossible interval'],
    [`${A}:0-3`, 'impossible interval'],
    [`${A}:3-1`, 'impossible interval'],
    [`${A}:-3`, 'interval'],
    [`${A}:1 2`, 'interval'],
    [`${A}:1.5`, 'interval'],
    [`${A}:1e3`, 'interval'],
    [`${A}:tag-1:1`, 'interval'],
    [`${A}:9tag:1`, 'interval'],
    [`${A}:${'t'.repeat(33)}:1`, 'interval'],
    [`${A}:9007199254740993`, 'too large'],
    [`${A}:1-18446744073709551615`, 'too large'],
  ])('%j is refused: %s', (text, problem) => {
    expect(() => parseMysqlGtidSet(text)).toThrow(expect.objectContaining({ kind: 'unintelligible' }))
    expect(() => parseMysqlGtidSet(text)).toThrow(problem)
  })

  test('the sentence of a refusal stays short however long the text is', () => {
    expect(() => parseMysqlGtidSet('x'.repeat(1_000_000))).toThrow(/^.{1,150}$/)
  })

  test('a tag of 32 characters is understood', () => {
    expect(parseMysqlGtidSet(`${A}:${'t'.repeat(32)}:1`).size).toBe(1)
  })
})

describe('writing', () => {
  test('servers and tags stand in alphabetical order, the untagged first', () => {
    const set = gtidSet([
      [`${B}`, [4, 4]],
      [`${A}:zoo`, [1, 2]],
      [`${A}:ape`, [7, 7]],
      [`${A}`, [1, 3]],
      [`${A}`, [9, 9]],
    ])
    expect(formatMysqlGtidSet(set)).toBe(`${A}:1-3:9:ape:7:zoo:1-2,${B}:4`)
  })

  test('a server with tagged transactions only is written with its tag', () => {
    expect(formatMysqlGtidSet(gtidSet([[`${A}:ape`, [1, 2]]]))).toBe(`${A}:ape:1-2`)
  })

  test('the empty set is the empty text', () => {
    expect(formatMysqlGtidSet(gtidSet([]))).toBe('')
  })

  test('what is written reads back as the same set', () => {
    fc.assert(
      fc.property(anySet([A, B, `${A}:ape`, `${A}:zoo`, `${B}:_`]), set => {
        expect(parseMysqlGtidSet(formatMysqlGtidSet(set))).toEqual(set)
      }),
    )
  })
})

test('what is being committed is read where writes of several servers are', () => {
  const one = '15f106ca-e61e-11f1-a849-02000a4d0002'
  const other = '555c8a59-e61e-11f1-8d20-02000a4d0002'
  expect(parseOwned('')).toEqual(parseMysqlGtidSet(''))
  expect(parseOwned(`${one}:127#9`)).toEqual(parseMysqlGtidSet(`${one}:127`))
  expect(parseOwned(`${one}:9133#7:9134#12${other}:5#77:6#8`)).toEqual(
    parseMysqlGtidSet(`${one}:9133:9134,${other}:5:6`),
  )
})
