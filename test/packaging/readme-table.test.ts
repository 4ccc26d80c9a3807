import { expect, test } from 'vitest'
import { readmeTable } from '../../packaging/readme-table.ts'

const lines = readmeTable().trimEnd().split('\n')

test('a parameter is a row with its default and what it is for', () => {
  expect(lines).toContain(
    '| `replication_port` | `3306` | TCP port on which the replicas reach the server of this resource, on every node. |',
  )
})

test('a choice names its words', () => {
  expect(lines.find(line => line.startsWith('| `gtid`'))).toContain('| `auto` (`auto`, `off`) |')
})

test('deprecated parameters are left to the manual', () => {
  expect(readmeTable()).not.toContain('max_slave_lag')
})

test('every row has three cells', () => {
  for (const line of lines) expect(line.split(/(?<!\\)\|/)).toHaveLength(5)
})
