import { expect, test } from 'vitest'
import { splitWords } from '../../../lib/system/split-words.ts'

test.each([
  ['', []],
  ['   ', []],
  ['--a --b=c', ['--a', '--b=c']],
  ['  --a\t--b\n', ['--a', '--b']],
  [`--name='two words'`, ['--name=two words']],
  [`--name="it's"`, [`--name=it's`]],
  [`"say \\"so\\" \\n"`, ['say "so" \\n']],
  ['two\\ words', ['two words']],
  [`''`, ['']],
  [`a''b`, ['ab']],
  ['$HOME `id` *', ['$HOME', '`id`', '*']],
])('%j splits into %j', (text, words) => {
  expect(splitWords(text)).toEqual(words)
})

test.each([`'open`, `"open`, 'a\\', `"a\\"`])('%j is not closed', text => {
  expect(splitWords(text)).toBeUndefined()
})
