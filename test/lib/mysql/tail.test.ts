import { describe, expect, test } from 'vitest'
import { readTransactions } from '../../../lib/mysql/binary-log-transactions.ts'
import { contains, empty, type GtidSet, gtidSet, subtract, union } from '../../../lib/mysql/gtid-set.ts'
import { formatGtidSet, parseGtidSet } from '../../../lib/mysql/gtid-text.ts'
import { historyUpTo } from '../../../lib/mysql/mariadb-positions.ts'
import type { FlavourName } from '../../../lib/mysql/server-facts.ts'
import { judgeTail } from '../../../lib/mysql/tail.ts'
import { BufferBytes, FLAVOURS, fixture } from './binary-log-fixtures.ts'
import { crashed, executed, log } from './tail-fixtures.ts'

/** What a server holds that has all but these transactions. */
function without(flavour: FlavourName, all: GtidSet, lacking: string): GtidSet {
  return subtract(all, parseGtidSet(flavour, lacking))
}

const [UUID, OTHER] = ['3e11fa47-71ca-11e1-9e33-c80aa9429562', 'b2a1b6f0-c60e-11f0-8a6f-02a0c5d0e001']

describe.each(FLAVOURS)('%s', flavour => {
  const logs = ['mysql-bin.000001', 'mysql-bin.000002', 'mysql-bin.000003'].map(file => log(flavour, file))
  const all = executed(flavour, 'mysql-bin.000003')
  const lastTransaction = flavour === 'mysql' ? `${UUID}:25` : '0-1-27..27'

  test('there is nothing to cut when the source holds everything', () => {
    expect(judgeTail(logs, all)).toEqual({ say: 'nothing' })
  })

  test('there is nothing to cut when the source has gone on', () => {
    const more = flavour === 'mysql' ? `${OTHER}:1-50` : '0-2-900,8-2-1'
    expect(judgeTail(logs, union(all, parseGtidSet(flavour, more)))).toEqual({ say: 'nothing' })
  })

  test('there is nothing to cut where there are no logs', () => {
    expect(judgeTail([], all)).toEqual({ say: 'nothing' })
  })

  test('the transaction that the source lacks goes, from its first event on', () => {
    const verdict = judgeTail(logs, without(flavour, all, lastTransaction))
    const [only] = readTransactions(new BufferBytes(fixture(flavour, 'mysql-bin.000003')))
    expect(verdict).toEqual({
      say: 'cut',
      because: `transactions that nobody acknowledged end its binary log (1): ${lastTransaction}`,
      cut: {
        file: '/data/mysql-bin.000003',
        position: only?.position,
        headEnd: flavour === 'mysql' ? 309 : 331,
        laterFiles: [],
        transactions: parseGtidSet(flavour, lastTransaction),
      },
    })
  })

  test('a torn transaction goes as well', () => {
    const { bytes } = log(flavour, 'mysql-bin.000003')
    const torn = [...logs.slice(0, 2), crashed(flavour, 'mysql-bin.000003', bytes.size - 20)]
    expect(judgeTail(torn, without(flavour, all, lastTransaction))).toMatchObject({ say: 'cut' })
  })

  test('a torn GTID event names nothing to cut: the server drops it', () => {
    const [only] = readTransactions(new BufferBytes(fixture(flavour, 'mysql-bin.000003')))
    const torn = [...logs.slice(0, 2), crashed(flavour, 'mysql-bin.000003', (only?.position ?? 0) + 25)]
    const held = without(flavour, all, lastTransaction)
    expect(judgeTail(torn, held)).toEqual({ say: 'nothing' })
  })

  test('there is nothing to cut where a clean shutdown has committed all that waited', () => {
    const stopped = [...logs, log(flavour, 'mysql-bin.000004')]
    expect(judgeTail(stopped, all)).toEqual({ say: 'nothing' })
  })

  test('a tail that the server has committed in a start since the crash is not cut', () => {
    const started = [...logs, crashed(flavour, 'mysql-bin.000004')]
    expect(judgeTail(started, without(flavour, all, lastTransaction))).toMatchObject({
      say: 'refuse',
      because: expect.stringMatching(/^mysql-bin.000004 begins after transactions that the source lacks: /),
    })
  })

  test('a transaction that the source holds is never cut', () => {
    const own = [...readTransactions(log(flavour, 'mysql-bin.000001').bytes)]
    const sbr = own.findIndex(({ position }) => position === own.at(flavour === 'mysql' ? -3 : -5)?.position)
    const crash = crashed(flavour, 'mysql-bin.000001')
    const hole = own[sbr]?.gtid
    const lacking = gtidSet([[hole?.key ?? '', [hole?.number ?? 0, hole?.number ?? 0]]])
    expect(judgeTail([crash], subtract(executed(flavour, 'mysql-bin.000001'), lacking))).toMatchObject({
      say: 'refuse',
      because: expect.stringMatching(
        /^mysql-bin.000001 holds a transaction that the source has, .* behind one that it lacks$/,
      ),
    })
  })

  test('each kind of statement at the end of a log goes, unless it lasts', () => {
    const file = 'mysql-bin.000001'
    const transactions = [...readTransactions(log(flavour, file).bytes)]
    for (const [index, { gtid, position, lasting }] of transactions.entries()) {
      if (index === 0) continue
      const before = gtidSet(transactions.slice(0, index).map(t => [t.gtid.key, [t.gtid.number, t.gtid.number]]))
      const verdict = judgeTail([crashed(flavour, file, transactions[index + 1]?.position)], before)
      const name = formatGtidSet(flavour, gtidSet([[gtid.key, [gtid.number, gtid.number]]]))
      if (lasting === undefined) expect(verdict).toMatchObject({ say: 'cut', cut: { position } })
      else
        expect(verdict).toEqual({
          say: 'refuse',
          because: `${file} holds ${name}, which the source lacks and a cut does not undo: ${lasting}`,
        })
    }
  })

  test('a log that cannot be read is not cut', () => {
    const torn = [...logs.slice(0, 2), log(flavour, 'mysql-bin.000003', 60)]
    expect(judgeTail(torn, all)).toMatchObject({
      say: 'refuse',
      because: expect.stringContaining('/data/mysql-bin.000003: '),
    })
  })

  test('a source that holds nothing of the server is not the one to compare with', () => {
    const stranger = parseGtidSet(flavour, flavour === 'mysql' ? `${OTHER}:1-9` : '0-2-900')
    for (const held of [empty, stranger]) {
      expect(judgeTail([crashed(flavour, 'mysql-bin.000001')], held)).toEqual({
        say: 'refuse',
        because: 'mysql-bin.000001 and the source have no transaction in common',
      })
    }
  })
})

test('MariaDB: numbers of other servers do not hide a tail behind them', () => {
  const held = parseGtidSet('mariadb', '0-1-25,0-9-26,0-2-400,7-1-2')
  expect(judgeTail([log('mariadb', 'mysql-bin.000003')], held)).toMatchObject({
    say: 'cut',
    cut: { transactions: parseGtidSet('mariadb', '0-1-27..27') },
  })
  expect(contains(historyUpTo(parseGtidSet('mariadb', '0-1-27..27')), parseGtidSet('mariadb', '0-1-26'))).toBe(true)
})

test('MySQL: tagged transactions are cut as any other', () => {
  const held = subtract(
    executed('mysql', 'mysql-bin.000003'),
    parseGtidSet('mysql', `${OTHER}:my_tag:77:9007199254740991,${UUID}:25`),
  )
  const position = 1047
  expect(judgeTail([crashed('mysql', 'mysql-bin.000002', 1552)], held)).toMatchObject({
    say: 'cut',
    cut: { position },
  })
})

test('a tail above the limit of a gigabyte is not cut', () => {
  const { bytes } = log('mariadb', 'mysql-bin.000003')
  const zeroes = Buffer.alloc(1000)
  const read = (position: number, length: number) =>
    Buffer.concat([position < bytes.size ? bytes.read(position, length) : zeroes]).subarray(0, length)
  const huge = { file: '/data/mysql-bin.000003', bytes: { size: 2 ** 30 + 1000, read } }
  expect(judgeTail([huge], parseGtidSet('mariadb', '0-1-25,0-9-26,7-1-2'))).toMatchObject({
    say: 'refuse',
    because: expect.stringContaining('above the limit'),
  })
})
