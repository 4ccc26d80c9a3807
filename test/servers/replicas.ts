import { expect } from 'vitest'
import { awaitExecuted } from '../../lib/mysql/applier-progress.ts'
import { contains, gtidSet, union } from '../../lib/mysql/gtid-set.ts'
import { readExecuted } from '../../lib/mysql/read-server.ts'
import type { Coordinates, Replication } from '../../lib/mysql/server-facts.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { soon, type TestServer } from './test-server.ts'

/** Less than what a packet may hold. */
export const MEGABYTE = 1_000_000

/** Write a row on a source. */
export const write = (server: TestServer, content = 'a row') =>
  server.query(`INSERT INTO d.t (content) VALUES ('${content}')`)
/** How many rows a server has, as text. */
export const rows = (server: TestServer) => server.value('SELECT COUNT(*) FROM d.t')
/** What a server has executed. */
export const executed = (server: TestServer) => readExecuted(...server.talk, soon())
/** The server as a replica. */
export const replication = async (server: TestServer) => (await server.facts()).replication as Replication

/** Wait until the replica has executed what the source has executed now. */
export async function caughtUp(replica: TestServer, source: TestServer): Promise<boolean> {
  return awaitExecuted(...replica.talk, await executed(source), soon())
}

/** Wait for something that comes within seconds, or never. */
export const eventually = (holds: () => Promise<boolean>) =>
  Deadline.in(10_000).poll(20, async () => (await holds()) || undefined)

const isEqual = (a: Coordinates, b: Coordinates | undefined) => a.file === b?.file && a.position === b.position

/** Wait until the replica has applied, by file and position, what the source has in its binary log now. */
export async function stoodAt(replica: TestServer, source: TestServer): Promise<boolean | undefined> {
  const end = (await source.facts()).binaryLog
  return eventually(async () => isEqual((await replication(replica)).appliedTo, end))
}

/** Wait until the receiver has all that the source has executed. */
export async function received(replica: TestServer, source: TestServer): Promise<void> {
  const theirs = await executed(source)
  const holdsAll = async () => {
    const facts = await replica.facts()
    return contains(union(facts.executed, facts.replication?.received ?? gtidSet([])), theirs)
  }
  expect(await eventually(holdsAll)).toBe(true)
}

/** One transaction of that size in the binary log. */
export async function writeLong(server: TestServer, bytes: number): Promise<void> {
  await server.query('BEGIN')
  for (let n = 0; n < bytes / MEGABYTE; n++) {
    await server.query(`INSERT INTO d.t (content) VALUES (REPEAT('x', ${MEGABYTE}))`)
  }
  await server.query('COMMIT')
}
