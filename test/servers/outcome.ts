import { expect } from 'vitest'
import type { Connection } from '../../lib/mysql/connection.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import type { TestServer } from './test-server.ts'

/** What became of a statement: done, or the failure that its client has seen. */
export type Outcome = 'done' | Failure

/** Run a statement without waiting for it here. */
export function outcome(session: Connection, sql: string): Promise<Outcome> {
  return session.query(sql, Deadline.in(60_000)).then(
    () => 'done',
    error => {
      if (error instanceof Failure) return error
      throw error
    },
  )
}

/** Wait until the server shows a session whose command, state and statement are so. */
export async function shows(server: TestServer, pattern: RegExp): Promise<void> {
  const look = async () => {
    const sessions = await server.query('SHOW FULL PROCESSLIST')
    return sessions.some(({ Command, State, Info }) => pattern.test(`${Command}|${State}|${Info}`)) || undefined
  }
  expect(await Deadline.in(10_000).poll(10, look)).toBe(true)
}
