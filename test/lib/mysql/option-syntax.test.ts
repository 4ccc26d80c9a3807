import { expect, test } from 'vitest'
import { parseOptionFile } from '../../../lib/mysql/option-syntax.ts'

const value = (line: string) => parseOptionFile('f', `[agent]\n${line}\n`).get('agent')?.get('password')

test.each([
  ['password=secret', 'secret'],
  ['  password =  secret  ', 'secret'],
  ['password=secret # comment', 'secret'],
  ['password="se#cret"', 'se#cret'],
  ["password = 'se\"cret' # comment", 'se"cret'],
  ['password=a b', 'a b'],
  ['password=a\\sb\\\\c', 'a b\\c'],
  ['password="a\\"b"', 'a"b'],
  ['password=', ''],
  ['password=first\npassword=last', 'last'],
  ['password=x=y', 'x=y'],
])('%s reads %s', (line, expected) => {
  expect(value(line)).toBe(expected)
})

test('sections are apart, and come in pieces', () => {
  const file = parseOptionFile('f', '# c\n; c\n[a]\nx=1\n[ b ]\nx=2\n[a]\nsome-name=3\n')
  expect([...file].map(([name, options]) => [name, ...options])).toEqual([
    ['a', ['x', '1'], ['some_name', '3']],
    ['b', ['x', '2']],
  ])
})

test.each([
  ['user=x', 1],
  ['[a]\nnonsense', 2],
  ['[a]\n\n!includedir /etc', 3],
])('%j is refused by its line', (text, line) => {
  expect(() => parseOptionFile('/f', text)).toThrow(`/f: line ${line} is neither a section nor an option of one`)
})
