import { expect, test } from 'vitest'
import type { Attempt } from '../lab/write-record.ts'
import { reigns } from './reigns.ts'

/** A transaction whose commit was sent and answered at these times. */
function acknowledged(server: string, sent: number, end: number): Attempt {
  return { id: `w.1:${sent}`, rows: 1, begin: sent - 1, sent, end, server, error: undefined }
}

const order = (attempts: readonly Attempt[]) => reigns(attempts).map(({ server }) => server)

test('a server that acknowledges without another in between reigns once', () => {
  const found = reigns([acknowledged('alpha', 10, 20), acknowledged('alpha', 30, 40)])
  expect(found).toEqual([{ server: 'alpha', begin: 10, end: 40, transactions: 2 }])
})

test('a successor reigns after its predecessor', () => {
  expect(order([acknowledged('alpha', 10, 20), acknowledged('beta', 30, 40)])).toEqual(['alpha', 'beta'])
})

test('an answer that comes after the first one of the successor is no second reign', () => {
  const attempts = [acknowledged('alpha', 10, 20), acknowledged('alpha', 15, 50), acknowledged('beta', 30, 40)]
  expect(order(attempts)).toEqual(['alpha', 'beta'])
})

test('a commit that was sent after the successor had answered is a second reign', () => {
  const attempts = [acknowledged('alpha', 10, 20), acknowledged('beta', 30, 40), acknowledged('alpha', 41, 50)]
  expect(order(attempts)).toEqual(['alpha', 'beta', 'alpha'])
})

test('servers that take turns reign again and again, in whatever order the record has it', () => {
  const attempts = [1, 2, 3, 4, 5].flatMap(turn => [
    acknowledged('alpha', 20 * turn, 20 * turn + 5),
    acknowledged('beta', 20 * turn + 10, 20 * turn + 15),
  ])
  expect(reigns(attempts.toReversed())).toHaveLength(10)
})

test('what was not acknowledged does not count', () => {
  const lost = { ...acknowledged('beta', 30, 40), error: 'ECONNRESET' }
  expect(order([acknowledged('alpha', 10, 20), lost, acknowledged('alpha', 50, 60)])).toEqual(['alpha'])
})

test('nobody reigns where nothing was acknowledged', () => {
  expect(reigns([])).toEqual([])
})
