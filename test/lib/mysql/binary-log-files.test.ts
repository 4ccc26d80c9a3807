import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readEvents } from '../../../lib/mysql/binary-log-events.ts'
import { binaryLogs, isWithoutLogs } from '../../../lib/mysql/binary-log-files.ts'
import { Deadline } from '../../../lib/system/deadline.ts'
import { BufferBytes, fixture } from './binary-log-fixtures.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'heir-logs-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const indexFile = () => join(directory, 'data', 'mysql-bin.index')

function write(index: string, files: Record<string, Buffer>): void {
  mkdirSync(join(directory, 'data'), { recursive: true })
  writeFileSync(indexFile(), index)
  for (const [file, content] of Object.entries(files)) writeFileSync(join(directory, file), content)
}

const open = (deadline = Deadline.in(10_000)) =>
  binaryLogs({ indexFile: indexFile(), dataDirectory: join(directory, 'data') }, deadline)

test('relative names of the index start from the data directory, absolute ones stand for themselves', () => {
  write(`./mysql-bin.000001\n${directory}/mysql-bin.000002\n../elsewhere/mysql-bin.000003\n`, {})
  expect(open().map(({ file }) => file)).toEqual([
    `${directory}/data/mysql-bin.000001`,
    `${directory}/mysql-bin.000002`,
    `${directory}/elsewhere/mysql-bin.000003`,
  ])
})

test('the index itself may be named from the data directory', () => {
  write('./mysql-bin.000001\n', {})
  const place = { indexFile: './mysql-bin.index', dataDirectory: join(directory, 'data') }
  expect(binaryLogs(place, Deadline.in(10_000)).map(({ file }) => file)).toEqual([`${directory}/data/mysql-bin.000001`])
})

test('a log of many pieces, with events larger than a piece, reads as it would from memory', () => {
  const small = fixture('mysql', 'mysql-bin.000001')
  const row = Buffer.alloc(700_000, 7)
  row.writeUInt8(30, 4)
  row.writeUInt32LE(row.length, 9)
  const body = small.subarray(158, -47)
  const large = Buffer.concat([
    small.subarray(0, 158),
    ...Array(60).fill(body),
    row,
    ...Array(60).fill(body),
    row,
    body,
  ])
  write('./log\n', { 'data/log': large })
  const [log] = open()
  if (log === undefined) throw new Error('the index names a log')
  expect([...readEvents(log.bytes)]).toEqual([...readEvents(new BufferBytes(large))])
})

test('a log that the index names and nobody finds is unintelligible', () => {
  write('./mysql-bin.000001\n', {})
  expect(() => open()[0]?.bytes.size).toThrow(expect.objectContaining({ kind: 'unintelligible' }))
  expect(() => open()[0]?.bytes.size).toThrow(`${directory}/data/mysql-bin.000001: no such file`)
})

test('logs without an index are unintelligible', () => {
  expect(() => open()).toThrow(`${indexFile()}: no such file`)
})

test('nothing is read once the deadline has passed', () => {
  write('./log\n', { 'data/log': fixture('mysql', 'mysql-bin.000001') })
  expect(() => open(Deadline.in(0))[0]?.bytes.read(0, 4)).toThrow(expect.objectContaining({ kind: 'timed-out' }))
})

test('a server that has written no log yet is told from one that has lost its index', () => {
  const place = { indexFile: './mysql-bin.index', dataDirectory: join(directory, 'data') }
  expect(isWithoutLogs(place)).toBe(true)
  write('./mysql-bin.000001\n', { 'data/mysql-bin.000001': Buffer.alloc(4) })
  expect(isWithoutLogs(place)).toBe(false)
  rmSync(indexFile())
  expect(isWithoutLogs(place)).toBe(false)
  rmSync(join(directory, 'data', 'mysql-bin.000001'))
  expect(isWithoutLogs(place)).toBe(true)
})
