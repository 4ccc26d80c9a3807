import { expect, test } from 'vitest'
import { comment, operation, pair } from '../../../cib/snippets/layout.ts'

test('a comment continues on further lines, indented', () => {
  const lines = comment([`${'word '.repeat(30)}end`, 'short']).split('\n')
  expect(lines[0]).toMatch(/^# word/)
  expect(lines[1]).toMatch(/^# {3}word.* end$/)
  expect(lines[2]).toBe('# short')
  expect(lines.every(line => line.length <= 112)).toBe(true)
})

test.each([
  ['/var/lib/mysql', 'name=/var/lib/mysql'],
  ['1000%', 'name=1000%'],
  ['--port=3307 --a', `name='--port=3307 --a'`],
  [`it's`, `name='it'\\''s'`],
  ['$(id)', `name='$(id)'`],
  ['', `name=''`],
])('the value %j is one word of a shell', (value, text) => {
  expect(pair({ name: 'name', value })).toBe(text)
})

test('an operation that does not recur has interval 0', () => {
  expect(operation({ name: 'start', timeoutSeconds: 300 })).toBe('start interval=0s timeout=300s')
})

test('a monitor names its role', () => {
  expect(operation({ name: 'monitor', role: 'Promoted', intervalSeconds: 3, timeoutSeconds: 20 })).toBe(
    'monitor role=Promoted interval=3s timeout=20s',
  )
})
