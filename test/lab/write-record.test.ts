import { expect, test } from 'vitest'
import { parseRecord, recordLine, rowIds } from './write-record.ts'

const WRITTEN = {
  id: 'mx.1:7',
  rows: 1,
  begin: 1795224807758,
  sent: 1795224807759,
  end: 1795224807761,
  server: 'node1',
  error: undefined,
}

const REFUSED = {
  ...WRITTEN,
  id: 'mx.1:8',
  rows: 3,
  sent: undefined,
  server: '',
  error: 'ECONNREFUSED connect ECONNREFUSED 10.77.0.100:3306',
}

test('a record reads as it was written', () => {
  expect(parseRecord([WRITTEN, REFUSED].map(recordLine).join(''))).toEqual([WRITTEN, REFUSED])
})

test('a line that is not complete yet is left out', () => {
  const text = recordLine(WRITTEN) + recordLine(REFUSED).slice(0, 20)
  expect(parseRecord(text)).toEqual([WRITTEN])
})

test('an error in several lines stays one line of the record', () => {
  expect(parseRecord(recordLine({ ...WRITTEN, error: 'ER_X you\nhave\ta problem' }))).toEqual([
    { ...WRITTEN, error: 'ER_X you have a problem' },
  ])
})

test('an empty record has no attempts', () => {
  expect(parseRecord('')).toEqual([])
})

test('the rows of a transaction have successive numbers', () => {
  expect(rowIds({ id: 'mx.1:7', rows: 1 })).toEqual(['mx.1:7'])
  expect(rowIds({ id: 'mx.1:9', rows: 3 })).toEqual(['mx.1:9', 'mx.1:10', 'mx.1:11'])
})
