import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseServerDefaults } from '../../../lib/mysql/server-defaults.ts'

/** Lines of `--verbose --help` of MariaDB 10.11 and MySQL 9.7, each with the one behind it. */
const help = (flavour: string) => readFileSync(new URL(`fixtures/help-${flavour}.txt`, import.meta.url), 'utf8')

const USUAL = { logIndex: 'mysql-bin.index', errorLog: undefined }
test('MariaDB keeps its index beside the log, logs errors to its standard error, and runs no events', () => {
  expect(parseServerDefaults(help('mariadb'))).toEqual({ ...USUAL, events: false })
})
test('MySQL names its index, and runs events', () => {
  expect(parseServerDefaults(help('mysql'))).toEqual({ ...USUAL, events: true })
})
test('an event scheduler that may not be turned on runs no events', () => {
  expect(parseServerDefaults('event-scheduler      DISABLED\n').events).toBe(false)
})
test('a log with an extension has its index beside the name without it', () => {
  expect(parseServerDefaults('log-bin      /logs/bin.log\n').logIndex).toBe('/logs/bin.index')
})
test('a server that writes no log has no index', () => {
  expect(
    parseServerDefaults('log-bin        (No default value)\nlog-bin-index  (No default value)\n').logIndex,
  ).toBeUndefined()
})
