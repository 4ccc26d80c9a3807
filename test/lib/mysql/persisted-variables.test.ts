import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { expectHarmlessPersisted } from '../../../lib/mysql/persisted-variables.ts'

let dataDirectory: string

beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'heir-persisted-'))
})

afterEach(() => rmSync(dataDirectory, { recursive: true }))

const METADATA = { Host: 'localhost', User: 'root', Timestamp: 1795228445398347 }
const check = (content: object | string) => {
  writeFileSync(join(dataDirectory, 'mysqld-auto.cnf'), typeof content === 'string' ? content : JSON.stringify(content))
  expectHarmlessPersisted(dataDirectory)
}
const version2 = (group: string, name: string, Value: string) => ({
  Version: 2,
  [group]: { [name]: { Value, Metadata: METADATA } },
})

test('a data directory without persisted variables is harmless', () => {
  expectHarmlessPersisted(dataDirectory)
})

test.each([
  ['mysql_dynamic_variables', 'max_connections', '300'],
  ['mysql_dynamic_variables', 'read_only', 'ON'],
  ['mysql_dynamic_variables', 'super_read_only', '1'],
  ['mysql_static_variables', 'relay_log_recovery', 'OFF'],
])('%s %s = %s is harmless', (group, name, value) => {
  check(version2(group, name, value))
})

test.each([
  ['mysql_dynamic_variables', 'read_only', 'OFF'],
  ['mysql_dynamic_variables', 'super_read_only', '0'],
  ['mysql_static_variables', 'skip_replica_start', 'OFF'],
  ['mysql_static_variables', 'relay_log_recovery', 'ON'],
])('%s %s = %s is refused', (group, name, value) => {
  expect(() => check(version2(group, name, value))).toThrow(
    `mysqld-auto.cnf persists ${name} = ${value}, against the agent`,
  )
})

test('the form of MySQL 8.0 is understood', () => {
  const readOnly = { Value: 'OFF', Metadata: METADATA }
  expect(() => check({ Version: 1, mysql_server: { read_only: readOnly } })).toThrow(/persists read_only = OFF/)
  const staticOptions = { mysql_server_static_options: { skip_replica_start: readOnly } }
  expect(() => check({ Version: 1, mysql_server: staticOptions })).toThrow(/persists skip_replica_start = OFF/)
})

test.each(['', '7', 'read_only=OFF'])('%j is no list of variables', text => {
  expect(() => check(text)).toThrow(/no list of persisted variables/)
})
