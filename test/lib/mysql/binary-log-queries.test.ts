import { expect, test } from 'vitest'
import { decodeQuery } from '../../../lib/mysql/binary-log-queries.ts'
import { RENEWAL } from '../../../lib/mysql/semi-sync.ts'

/** The body of a query event without a database and without status variables. */
const query = (text: string) => decodeQuery(Buffer.concat([Buffer.alloc(14), Buffer.from(text)]))

test.each([
  ['BEGIN', { kind: 'begin' }],
  ['COMMIT', { kind: 'plain-commit' }],
  ["XA COMMIT X'61',X'',1", { kind: 'statement', atomic: true }],
  ['DROP TABLE t', { kind: 'statement', atomic: false }],
])('%s is read as what it means for the transaction', (text, meaning) => {
  expect(query(text)).toEqual(meaning)
})

test('the statement that asks for acknowledgements leaves nothing behind when it is cut', () => {
  expect(query(RENEWAL)).toEqual({ kind: 'statement', atomic: true })
})
