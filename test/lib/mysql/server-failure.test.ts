import { expect, test } from 'vitest'
import { failureOf } from '../../../lib/mysql/server-failure.ts'

const error = (message: string, properties: object) => Object.assign(new Error(message), properties)

test.each([
  [1040, 'crowded'],
  [1045, 'denied'],
  [1227, 'denied'],
  [1053, 'unreachable'],
  [1290, 'rejected'],
])('the server’s error %i means %s', (errno, kind) => {
  const failure = failureOf('mysqld on /s', error('no', { errno, code: 'ER_X' }))
  expect(failure).toMatchObject({ kind, code: errno, message: `mysqld on /s: no (${errno})` })
})

test.each([
  ['ENOENT', 'unreachable'],
  ['ECONNREFUSED', 'unreachable'],
  ['PROTOCOL_CONNECTION_LOST', 'unreachable'],
  ['EAGAIN', 'timed-out'],
  ['EACCES', 'denied'],
  ['HANDSHAKE_SSL_ERROR', 'rejected'],
])('the socket’s %s means %s', (code, kind) => {
  expect(failureOf('mysqld on /s', error('no', { errno: -2, code }))).toMatchObject({ kind, code: undefined })
})

test.each([
  ['ENOENT', 'connect ENOENT /s', 'there is no such socket'],
  ['ECONNREFUSED', 'connect ECONNREFUSED 10.0.0.2:3306', 'connection refused'],
  ['ENOTFOUND', 'getaddrinfo ENOTFOUND beta', 'no host is known by this name'],
  ['PROTOCOL_CONNECTION_LOST', 'Connection lost: the server closed it', 'Connection lost: the server closed it'],
])('the socket’s %s is said in words', (code, message, words) => {
  expect(failureOf('mysqld on beta', error(message, { errno: -2, code })).message).toBe(`mysqld on beta: ${words}`)
})

test('a statement is not in the message, and not behind it', () => {
  const near = "You have an error in your SQL syntax near ''hidden' BOGUS' at line 1"
  const failure = failureOf('mysqld', error(near, { errno: 1064, code: 'ER_PARSE_ERROR', sql: "PASSWORD 'hidden'" }))
  expect(failure.message).not.toContain('hidden')
  expect(failure.cause).toBeUndefined()
})

test('a bug stays a bug', () => {
  const bug = new TypeError('x is not a function')
  expect(failureOf('mysqld', bug)).toBe(bug)
})
