import { beforeAll, beforeEach, expect, test } from 'vitest'
import { awaitExecuted } from '../../lib/mysql/applier-progress.ts'
import type { Connection } from '../../lib/mysql/connection.ts'
import { readExecuted } from '../../lib/mysql/read-server.ts'
import { startReplication, stopReceiver } from '../../lib/mysql/replication.ts'
import { armReplica, armSource, disarmSource } from '../../lib/mysql/semi-sync.ts'
import { closeWrites, cutClients, openWrites } from '../../lib/mysql/write-gate.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { eachEngine } from './each-engine.ts'
import { startPair } from './pair.ts'
import { SEEN, soon, type TestServer } from './test-server.ts'

const CLIENT = { user: 'client', password: 'c' }

eachEngine(farm => {
  let source: TestServer
  let replica: TestServer

  beforeAll(async () => {
    ;({ source, replica } = await startPair(farm()))
    await source.query("CREATE USER client@localhost IDENTIFIED BY 'c'")
    await source.query('GRANT ALL ON d.* TO client@localhost')
  })

  beforeEach(() => openWrites(...source.talk, soon()))

  const client = () => source.session(CLIENT)
  const write = (session: Connection) => session.query("INSERT INTO d.t (content) VALUES ('a')", soon())
  const rows = () => source.value('SELECT COUNT(*) FROM d.t')
  const isWritable = async () => (await source.facts()).writable
  /** What became of a statement, without waiting for it here. */
  const outcome = (statement: Promise<unknown>) =>
    statement.then(
      () => 'done',
      (error: Error) => error,
    )
  const isRunning = async (pattern: RegExp) =>
    (await source.query('SHOW PROCESSLIST')).some(({ State, Info }) => pattern.test(`${State} ${Info}`)) || undefined

  test('closed to writes, no account writes that is not made for it', async () => {
    const session = await client()
    await write(session)
    await closeWrites(...source.talk, soon())
    expect(await isWritable()).toBe(false)
    await expect(write(session)).rejects.toMatchObject({ kind: 'rejected', code: 1290 })
    await closeWrites(...source.talk, soon())
    await openWrites(...source.talk, soon())
    expect(await isWritable()).toBe(true)
    await write(session)
    session.close()
  })

  test('a gate that is half open is open, and is closed', async () => {
    if (source.flavour.name === 'mysql') {
      // As a persisted read_only = OFF leaves a server: it says super_read_only, and everybody writes.
      await source.query('SET PERSIST_ONLY read_only = OFF')
      await source.query('SET GLOBAL read_only = OFF')
      await source.query('RESET PERSIST read_only')
    }
    await closeWrites(...source.talk, soon())
    const session = await client()
    await expect(write(session)).rejects.toMatchObject({ code: 1290 })
    session.close()
  })

  test('a statement that writes for long is ended', async () => {
    const before = await rows()
    const session = await client()
    const slowly = 'INSERT INTO d.t (content) SELECT SLEEP(1) FROM information_schema.collations'
    const long = outcome(session.query(slowly, Deadline.in(60_000)))
    expect(await Deadline.in(15_000).poll(10, () => isRunning(/SLEEP/))).toBe(true)
    await closeWrites(...source.talk, Deadline.in(15_000))
    expect(await long).toMatchObject({ name: 'Failure' })
    expect(await rows()).toBe(before)
  })

  test('a transaction that sits idle on its locks is not committed', async () => {
    const before = await rows()
    const session = await client()
    await session.query('BEGIN', soon())
    await write(session)
    await closeWrites(...source.talk, Deadline.in(15_000))
    await expect(session.query('COMMIT', soon())).rejects.toMatchObject({ name: 'Failure' })
    expect(await rows()).toBe(before)
  })

  test('a session that sits on a table lock is ended', async () => {
    const session = await client()
    await session.query('LOCK TABLES d.t WRITE', soon())
    await closeWrites(...source.talk, Deadline.in(15_000))
    await expect(session.query('SELECT 1', soon())).rejects.toMatchObject({ kind: 'unreachable' })
    expect(await isWritable()).toBe(false)
  })

  test('a commit that waits for an acknowledgement holds the gate open, and survives', async () => {
    await stopReceiver(...replica.talk, soon())
    await armSource(...source.talk, 1, soon())
    const session = await client()
    const waiting = outcome(write(session))
    expect(await Deadline.in(15_000).poll(10, () => isRunning(/semi-sync ACK/))).toBe(true)
    await expect(closeWrites(...source.talk, Deadline.in(5000))).rejects.toThrow(/1 commits wait for a replica/)
    expect(await isWritable()).toBe(true)
    await expect(cutClients(source.connection, Deadline.in(5000))).rejects.toThrow(/1 commits wait for a replica/)
    expect(await isRunning(/semi-sync ACK/)).toBe(true)

    await armReplica(...replica.talk, soon())
    await startReplication(...replica.talk, soon())
    await closeWrites(...source.talk, soon())
    expect(await waiting).toBe('done')
    expect(await isWritable()).toBe(false)
    const theirs = await readExecuted(...source.talk, soon())
    expect(await awaitExecuted(...replica.talk, theirs, soon())).toBe(true)
    await expect.poll(() => replica.value('SELECT COUNT(*) FROM d.t'), SEEN).toBe(await rows())
    await disarmSource(...source.talk, soon())
  })

  test('clients are cut off, root among them, and replicas are not', async () => {
    const sessions = [await client(), await source.session()]
    const dumping = /sent all binlog/
    expect(await isRunning(dumping)).toBe(true)
    await cutClients(source.connection, soon())
    for (const session of sessions) {
      await expect(session.query('SELECT 1', soon())).rejects.toMatchObject({ kind: 'unreachable' })
    }
    expect(await isRunning(dumping)).toBe(true)
    const again = await client()
    await write(again)
    again.close()
  })

  test('events run no more on a closed MariaDB, whose gate does not hold them', async () => {
    await source.query('SET GLOBAL event_scheduler = ON')
    await closeWrites(...source.talk, soon())
    const stopped = source.flavour.name === 'mariadb'
    expect(await source.value('SELECT @@event_scheduler')).toBe(stopped ? 'OFF' : 'ON')
  })
})
