import { describe, expect, test } from 'vitest'
import { readEvents } from '../../../lib/mysql/binary-log-events.ts'
import { union } from '../../../lib/mysql/gtid-set.ts'
import { parseGtidSet } from '../../../lib/mysql/gtid-text.ts'
import { firstUnexecuted } from '../../../lib/mysql/relay-log.ts'
import { BufferBytes, fixture } from './binary-log-fixtures.ts'

// A relay log has the form of a binary log; these are a source's own.
const logs = ['mysql-bin.000001', 'mysql-bin.000002'].map(file => ({
  file: `/data/${file}`,
  bytes: new BufferBytes(fixture('mariadb', file)),
}))
const transactions = logs.flatMap(({ file, bytes }) =>
  [...readEvents(bytes)].flatMap(event =>
    event.kind === 'gtid' ? [{ file, position: event.position, ...event.gtid }] : [],
  ),
)
const upTo = (key: string, number: number) => parseGtidSet('mariadb', `${key}-${number}`)

describe('the applier begins', () => {
  test('at the first transaction of all where nothing is executed', () => {
    const { file, position } = transactions[0] ?? {}
    expect(firstUnexecuted(logs, new Map())).toEqual({ file, position })
  })

  test.each([1, 2, 3].map(executed => ({ executed })))('behind the $executed that it has executed', ({ executed }) => {
    const sets = transactions.slice(0, executed).map(({ key, number }) => upTo(key, number))
    const { file, position } =
      transactions.find(
        ({ key, number }) =>
          !sets
            .reduce(union)
            .get(key)
            ?.some(([, last]) => number <= last),
      ) ?? {}
    expect(firstUnexecuted(logs, sets.reduce(union))).toEqual({ file, position })
  })

  test('nowhere when all is executed', () => {
    const all = transactions.map(({ key, number }) => upTo(key, number)).reduce(union)
    expect(firstUnexecuted(logs, all)).toBeUndefined()
  })

  test('not where it would execute a later one again', () => {
    const last = transactions.at(-1)
    if (last === undefined) throw new Error('the record has no transactions')
    const onlyLast = new Map([[last.key, [[last.number, last.number]] as const]])
    expect(() => firstUnexecuted(logs, onlyLast)).toThrow(/which is executed, behind others that are not/)
  })
})
