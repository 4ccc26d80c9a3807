import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gtidSet, subtract } from '../../../lib/mysql/gtid-set.ts'
import { formatMariadbPositions, parseMariadbPositions } from '../../../lib/mysql/mariadb-positions.ts'
import { anySet } from './gtid-model.ts'

describe('reading', () => {
  test.each([
    ['', []],
    ['0-1-100', [['0-1', [1, 100]]]],
    [
      '1-3-7,0-2-105,0-1-100',
      [
        ['0-1', [1, 100]],
        ['0-2', [1, 105]],
        ['1-3', [1, 7]],
      ],
    ],
    [
      ' 0-1-100,\n0-2-105 ',
      [
        ['0-1', [1, 100]],
        ['0-2', [1, 105]],
      ],
    ],
    ['0-1-5,0-1-9', [['0-1', [1, 9]]]],
    ['0-1-0', []],
    ['0-1-101..105', [['0-1', [101, 105]]]],
    ['4294967295-4294967295-1', [['4294967295-4294967295', [1, 1]]]],
  ] as [string, [string, [number, number]][]][])('%j is understood', (text, expected) => {
    expect(parseMariadbPositions(text)).toEqual(gtidSet(expected))
  })

  test.each([
    ['nonsense', 'domain-server-number'],
    ['0-1', 'domain-server-number'],
    ['0-1-', 'domain-server-number'],
    ['0-1-100,', 'domain-server-number'],
    ['0-1-100 0-2-105', 'domain-server-number'],
    ['0-1-100..', 'domain-server-number'],
    ['3e11fa47-71ca-11e1-9e33-c80aa9429562:1', 'domain-server-number'],
    ['0-1-0..5', 'impossible range'],
    ['0-1-5..4', 'impossible range'],
    ['4294967296-1-1', 'above 2^32 - 1'],
    ['0-4294967296-1', 'above 2^32 - 1'],
    ['0-1-9007199254740993', 'too large'],
  ])('%j is refused: %s', (text, problem) => {
    expect(() => parseMariadbPositions(text)).toThrow(expect.objectContaining({ kind: 'unintelligible' }))
    expect(() => parseMariadbPositions(text)).toThrow(problem)
  })
})

describe('writing', () => {
  test('a history is written as MariaDB reads it, by domain and server as numbers', () => {
    expect(formatMariadbPositions(parseMariadbPositions('10-1-3,2-10-4,2-9-5'))).toBe('2-9-5,2-10-4,10-1-3')
  })

  test('a difference is written as a range', () => {
    const lacking = subtract(parseMariadbPositions('0-1-105,0-2-3'), parseMariadbPositions('0-1-100'))
    expect(formatMariadbPositions(lacking)).toBe('0-1-101..105,0-2-3')
  })

  test('what is written reads back as the same set', () => {
    fc.assert(
      fc.property(anySet(['0-1', '0-2', '7-1']), set => {
        expect(parseMariadbPositions(formatMariadbPositions(set))).toEqual(set)
      }),
    )
  })
})
