import { expect, test } from 'vitest'
import { escapeText } from '../../../lib/mysql/literal.ts'

test('a text ends where it ends', () => {
  expect(escapeText(`it's "a" \\ b`)).toBe(`'it''s "a" \\\\ b'`)
})
