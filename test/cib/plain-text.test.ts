import { expect, test } from 'vitest'
import { plainText } from '../../cib/attributes.ts'

test.each([
  ["Duplicate entry 'Müller' for key <x>", 'Duplicate entry M?ller for key x'],
  ['the transaction … (1062)', 'the transaction ... (1062)'],
  ['one line\n\tand another', 'one line and another'],
  ['a face 😀 here', 'a face ? here'],
])('what an attribute says of %j can be given to any of the tools', (sentence, text) => {
  expect(plainText(sentence)).toBe(text)
})
