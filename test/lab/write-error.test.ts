import { expect, test } from 'vitest'
import { writeErrorKind, writeErrorText } from './write-error.ts'

const serverError = (code: string, errno: number, message: string) =>
  writeErrorText(Object.assign(new Error(message), { code, errno }))

const systemError = (code: string, message: string) =>
  writeErrorText(Object.assign(new Error(message), { code, errno: -104 }))

test("a server's error is recorded with its name, its number and its words", () => {
  expect(serverError('ER_READ_ONLY_MODE', 1836, 'Running in read-only mode')).toBe(
    'ER_READ_ONLY_MODE 1836 Running in read-only mode',
  )
})

test("a system's error has no number that means anything", () => {
  expect(systemError('ECONNRESET', 'read ECONNRESET')).toBe('ECONNRESET read ECONNRESET')
})

test.each([
  [systemError('ECONNRESET', 'read ECONNRESET'), 'dropped connection'],
  [systemError('PROTOCOL_CONNECTION_LOST', 'Connection lost'), 'dropped connection'],
  [serverError('ER_SERVER_SHUTDOWN', 1053, 'Server shutdown in progress'), 'dropped connection'],
  [serverError('UNKNOWN_CODE_PLEASE_REPORT', 1927, 'Connection was killed'), 'dropped connection'],
  [systemError('ECONNREFUSED', 'connect ECONNREFUSED'), 'no connection'],
  [systemError('ETIMEDOUT', 'connect ETIMEDOUT'), 'no connection'],
  [systemError('EHOSTUNREACH', 'connect EHOSTUNREACH'), 'no connection'],
  [serverError('ER_CON_COUNT_ERROR', 1040, 'Too many connections'), 'no connection'],
  [systemError('PROTOCOL_SEQUENCE_TIMEOUT', 'Query inactivity timeout'), 'timeout'],
  [serverError('ER_OPTION_PREVENTS_STATEMENT', 1290, 'running with the --read-only option'), 'read-only refusal'],
  [serverError('ER_READ_ONLY_MODE', 1836, 'Running in read-only mode'), 'read-only refusal'],
  [serverError('ER_DUP_ENTRY', 1062, 'Duplicate entry'), 'other'],
  [serverError('ER_LOCK_WAIT_TIMEOUT', 1205, 'Lock wait timeout exceeded'), 'other'],
  ['the client itself is wrong', 'other'],
])('%s: %s', (text, kind) => {
  expect(writeErrorKind(text)).toBe(kind)
})
