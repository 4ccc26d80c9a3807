import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { binaryLogs } from '../../../lib/mysql/binary-log-files.ts'
import { readHead, readTransactions } from '../../../lib/mysql/binary-log-transactions.ts'
import { cutTail, stepsToCut } from '../../../lib/mysql/cut-tail.ts'
import { parseGtidSet } from '../../../lib/mysql/gtid-text.ts'
import { crashedUncleanly } from '../../../lib/mysql/offline.ts'
import type { FlavourName } from '../../../lib/mysql/server-facts.ts'
import { judgeTail, type TailCut } from '../../../lib/mysql/tail.ts'
import { Deadline } from '../../../lib/system/deadline.ts'
import { BufferBytes, fixture, fixturePath } from './binary-log-fixtures.ts'

const LOGS = ['mysql-bin.000001', 'mysql-bin.000002', 'mysql-bin.000003']

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'heir-cut-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const place = () => ({ indexFile: join(directory, 'mysql-bin.index'), dataDirectory: directory })
const copies = () => join(directory, 'kept', 'cut')
const at = (file: string) => join(directory, file)
const logs = () => binaryLogs(place(), Deadline.in(10_000))

/** A data directory whose logs end as the fixture's did at the crash. */
function crashedServer(flavour: FlavourName): void {
  for (const log of LOGS) copyFileSync(fixturePath(flavour, log), at(log))
  writeFileSync(place().indexFile, LOGS.map(log => `./${log}\n`).join(''), { mode: 0o640 })
}

function cutFor(flavour: FlavourName, held: string): TailCut {
  const verdict = judgeTail(logs(), parseGtidSet(flavour, held))
  if (verdict.say !== 'cut') throw new Error(JSON.stringify(verdict))
  return verdict.cut
}

const MYSQL_HELD =
  '3e11fa47-71ca-11e1-9e33-c80aa9429562:1-24:tagged:1-2,b2a1b6f0-c60e-11f0-8a6f-02a0c5d0e001:my_tag:77:9007199254740991'
const MARIADB_HELD = '0-1-24,7-1-1'

const permissions = (path: string) => (statSync(path).mode & 0o777).toString(8)
const transactionsIn = (content: Buffer) => [...readTransactions(new BufferBytes(content))].map(({ gtid }) => gtid)

describe('a cut in the last log', () => {
  beforeEach(async () => {
    crashedServer('mysql')
    await cutTail(cutFor('mysql', MYSQL_HELD), place(), copies())
  })

  test('leaves what stands before it, and the other logs and the index as they were', () => {
    expect(readFileSync(at('mysql-bin.000003'))).toEqual(fixture('mysql', 'mysql-bin.000003').subarray(0, 309))
    for (const log of ['mysql-bin.000001', 'mysql-bin.000002'])
      expect(readFileSync(at(log))).toEqual(fixture('mysql', log))
    expect(readFileSync(place().indexFile, 'utf8')).toBe('./mysql-bin.000001\n./mysql-bin.000002\n./mysql-bin.000003\n')
  })

  test('leaves nothing to cut', () => {
    expect(judgeTail(logs(), parseGtidSet('mysql', MYSQL_HELD))).toEqual({ say: 'nothing' })
  })

  test('keeps what it takes as a binary log that only its owner reads', () => {
    const copy = join(copies(), 'mysql-bin.000003.from-309')
    expect(transactionsIn(readFileSync(copy))).toEqual(transactionsIn(fixture('mysql', 'mysql-bin.000003')))
    expect(permissions(copy)).toBe('600')
    expect(permissions(copies())).toBe('700')
    expect(readdirSync(copies())).toEqual([basename(copy)])
  })
})

describe('a cut over a rotation', () => {
  beforeEach(async () => {
    crashedServer('mariadb')
    await cutTail(cutFor('mariadb', MARIADB_HELD), place(), copies())
  })

  test('ends the index with the log that is cut, and keeps its mode', () => {
    expect(readFileSync(place().indexFile, 'utf8')).toBe('./mysql-bin.000001\n./mysql-bin.000002\n')
    expect(permissions(place().indexFile)).toBe('640')
    expect(existsSync(at('mysql-bin.000003'))).toBe(false)
  })

  test('marks the log that is now the last one as in use, so that the server recovers', () => {
    const last = logs().at(-1)
    expect(last?.bytes.size).toBe(358)
    expect(last && readHead(last.bytes).inUse).toBe(true)
  })

  test('keeps the later logs as they were', () => {
    expect(readFileSync(join(copies(), 'mysql-bin.000003'))).toEqual(fixture('mariadb', 'mysql-bin.000003'))
    expect(permissions(join(copies(), 'mysql-bin.000003'))).toBe('600')
  })
})

describe.each([
  ['mysql', MYSQL_HELD],
  ['mariadb', MARIADB_HELD],
] as const)('%s: a cut that is interrupted', (flavour, held) => {
  const steps = flavour === 'mysql' ? 4 : 7

  test.each([...Array(steps + 1).keys()])('after %i steps is finished by the next one', async done => {
    crashedServer(flavour)
    const all = stepsToCut(cutFor(flavour, held), place(), copies())
    expect(all.length).toBe(steps)
    for (const step of all.slice(0, done)) await step()

    const last = logs().at(-1)
    expect(last && crashedUncleanly(last)).toBe(true)
    const verdict = judgeTail(logs(), parseGtidSet(flavour, held))
    if (verdict.say === 'cut') await cutTail(verdict.cut, place(), copies())
    else expect(verdict).toEqual({ say: 'nothing' })

    const cut = flavour === 'mysql' ? 'mysql-bin.000003' : 'mysql-bin.000002'
    const size = flavour === 'mysql' ? 309 : 358
    expect(statSync(at(cut)).size).toBe(size)
    expect(judgeTail(logs(), parseGtidSet(flavour, held))).toEqual({ say: 'nothing' })
    const kept = readdirSync(copies()).flatMap(file => transactionsIn(readFileSync(join(copies(), file))))
    const expected = LOGS.slice(flavour === 'mysql' ? 2 : 1).flatMap(log => transactionsIn(fixture(flavour, log)))
    expect(kept).toEqual(expect.arrayContaining(expected))
  })
})

test('a copy that was interrupted is made anew', async () => {
  crashedServer('mysql')
  const cut = cutFor('mysql', MYSQL_HELD)
  await stepsToCut(cut, place(), copies())[0]?.()
  writeFileSync(join(copies(), 'mysql-bin.000003.from-309.partial'), 'half a copy', { mode: 0o644 })
  await cutTail(cut, place(), copies())
  expect(readdirSync(copies())).toEqual(['mysql-bin.000003.from-309'])
  expect(permissions(join(copies(), 'mysql-bin.000003.from-309'))).toBe('600')
})

test('nothing is cut when it cannot be copied', async () => {
  crashedServer('mysql')
  writeFileSync(join(directory, 'kept'), 'a file where the directory should be')
  const cutting = cutTail(cutFor('mysql', MYSQL_HELD), place(), copies())
  await expect(cutting).rejects.toThrow(expect.objectContaining({ kind: 'rejected' }))
  expect(readFileSync(at('mysql-bin.000003'))).toEqual(fixture('mysql', 'mysql-bin.000003'))
})

test('an index with absolute names is shortened as well', async () => {
  crashedServer('mariadb')
  writeFileSync(place().indexFile, LOGS.map(log => `${at(log)}\n`).join(''))
  await cutTail(cutFor('mariadb', MARIADB_HELD), place(), copies())
  expect(readFileSync(place().indexFile, 'utf8')).toBe(`${at('mysql-bin.000001')}\n${at('mysql-bin.000002')}\n`)
})
