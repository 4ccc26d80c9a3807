import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { awaitExecuted } from '../../lib/mysql/applier-progress.ts'
import type { Connection } from '../../lib/mysql/connection.ts'
import { drainRelayLog } from '../../lib/mysql/drain-relay-log.ts'
import { follow } from '../../lib/mysql/follow.ts'
import { readExecuted } from '../../lib/mysql/read-server.ts'
import { forgetSource, restartReceiver } from '../../lib/mysql/replication.ts'
import { armReplica, armSource, disarmSource } from '../../lib/mysql/semi-sync.ts'
import { closeWrites, cutClients, openWrites } from '../../lib/mysql/write-gate.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { eachEngine } from './each-engine.ts'
import { outcome, shows } from './outcome.ts'
import { sourceAt, startPair } from './pair.ts'
import { SEEN, soon, type TestServer } from './test-server.ts'

const CLIENT = { user: 'client', password: 'c' }
const ROOT = { user: 'root' }

eachEngine(farm => {
  let source: TestServer
  let replica: TestServer

  beforeAll(async () => {
    ;({ source, replica } = await startPair(farm(), ['innodb_lock_wait_timeout=50']))
    await source.query("CREATE USER client@localhost IDENTIFIED BY 'c'")
    await source.query('GRANT ALL ON d.* TO client@localhost')
    await source.query('CREATE TABLE d.numbers (n INT PRIMARY KEY, v INT)')
    for (let n = 0; n < 100; n++) await source.query(`INSERT INTO d.numbers VALUES (${n}, 0)`)
    await armSource(...source.talk, 1, soon())
    await armReplica(...replica.talk, soon())
    await restartReceiver(...replica.talk, soon())
  })

  beforeEach(async () => {
    await armSource(...source.talk, 1, soon())
    await openWrites(...source.talk, soon())
  })

  const client = () => source.session(CLIENT, Deadline.in(60_000))
  const executed = () => readExecuted(...source.talk, soon())
  const isIn = (server: TestServer, content: string) =>
    server.value(`SELECT COUNT(*) FROM d.t WHERE content = '${content}'`).then(found => found === '1')
  /** Close it as a demotion does, and see that this was the end: the replica has all there is, and nothing is added to it. */
  async function close(): Promise<void> {
    await closeWrites(...source.talk, Deadline.in(15_000))
    await cutClients(source.connection, Deadline.in(15_000))
    const last = await executed()
    expect((await source.facts()).writable).toBe(false)
    expect(await awaitExecuted(...replica.talk, last, soon())).toBe(true)
    await disarmSource(...source.talk, soon())
    await delay(300)
    expect(await executed()).toEqual(last)
    const tables = "SELECT GROUP_CONCAT(TABLE_NAME ORDER BY 1) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'd'"
    for (const look of [tables, 'SELECT COUNT(*) FROM d.t', 'SELECT SUM(v) FROM d.numbers']) {
      expect(await source.value(look)).toBe(await replica.value(look))
    }
  }

  test('of many writers nobody has an OK for what the replica lacks, administrators included', async () => {
    const acknowledged: string[] = []
    const write = async (name: string, session: Connection) => {
      for (let n = 0; n < 10_000; n++) {
        const content = `${name} ${n}`
        if ((await outcome(session, `INSERT INTO d.t (content) VALUES ('${content}')`)) !== 'done') return
        acknowledged.push(content)
      }
    }
    const sessions = await Promise.all([...Array(8).keys()].map(n => source.session(n < 6 ? CLIENT : ROOT)))
    const writers = sessions.map((session, n) => write(`writer ${n}`, session))
    expect(await Deadline.in(15_000).poll(10, async () => acknowledged.length > 100 || undefined)).toBe(true)
    await close()
    await Promise.all(writers)
    const rows = await replica.query("SELECT content FROM d.t WHERE content LIKE 'writer %'")
    const there = new Set(rows.map(row => row['content']))
    expect(acknowledged.filter(content => !there.has(content))).toEqual([])
  })

  test('an update of many rows is rolled back', async () => {
    const before = await source.value('SELECT SUM(v) FROM d.numbers')
    const session = await client()
    const update = outcome(session, 'UPDATE d.numbers SET v = v + 1 + SLEEP(0.5)')
    await shows(source, /UPDATE d.numbers/)
    await close()
    expect(await update).toBeInstanceOf(Failure)
    expect(await source.value('SELECT SUM(v) FROM d.numbers')).toBe(before)
  })

  test.each([
    ['a client', CLIENT],
    ['an administrator', ROOT],
  ])('%s that sits idle in a transaction cannot commit it any more', async (who, account) => {
    const session = await source.session(account)
    await session.query('BEGIN', soon())
    await session.query(`INSERT INTO d.t (content) VALUES ('idle ${who}')`, soon())
    await close()
    expect(await outcome(session, 'COMMIT')).toBeInstanceOf(Failure)
    expect(await isIn(source, `idle ${who}`)).toBe(false)
  })

  test('a table lock is ended, and who waited for it is ended too or heard the truth', async () => {
    const holder = await client()
    await holder.query('LOCK TABLES d.t WRITE, d.numbers WRITE', soon())
    const waiters = [
      outcome(await client(), "INSERT INTO d.t (content) VALUES ('behind a lock')"),
      outcome(await client(), 'UPDATE d.numbers SET v = 7'),
      outcome(await client(), 'SELECT COUNT(*) FROM d.t'),
    ]
    await shows(source, /Waiting for table.* lock\|INSERT/)
    await close()
    const [inserted, updated] = await Promise.all(waiters)
    expect(await outcome(holder, 'SELECT 1')).toBeInstanceOf(Failure)
    // With the lock gone they may get their turn before they are ended.
    if (inserted === 'done') expect(await isIn(replica, 'behind a lock')).toBe(true)
    if (updated === 'done') expect(await replica.value('SELECT SUM(v) FROM d.numbers')).toBe('700')
  })

  test('a change of a table that waits for a transaction ends, and so do those behind it', async () => {
    const holder = await client()
    await holder.query('BEGIN', soon())
    await holder.query('SELECT COUNT(*) FROM d.numbers', soon())
    const change = outcome(await client(), 'ALTER TABLE d.numbers ADD COLUMN w INT')
    await shows(source, /Waiting for table metadata lock\|ALTER/)
    const behind = outcome(await client(), 'UPDATE d.numbers SET v = 8')
    await shows(source, /Waiting for table metadata lock\|UPDATE/)
    await close()
    const columns =
      "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'd' AND TABLE_NAME = 'numbers'"
    if ((await change) === 'done') expect(await replica.value(columns)).toBe('3')
    if ((await behind) === 'done') expect(await replica.value('SELECT SUM(v) FROM d.numbers')).toBe('800')
    expect(await source.value(columns)).toBe(await replica.value(columns))
  })

  test('a table that is being made is not there afterwards', async () => {
    const session = await client()
    const made = outcome(session, 'CREATE TABLE d.made (PRIMARY KEY (n)) SELECT n, SLEEP(0.5) AS slept FROM d.numbers')
    await shows(source, /CREATE TABLE d.made/)
    await close()
    expect(await made).toBeInstanceOf(Failure)
    expect(await source.value("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_NAME = 'made'")).toBe('0')
  })

  test('a backup that holds everybody back is ended', async () => {
    const locks =
      farm().engine.flavour === 'mysql'
        ? [['FLUSH TABLES WITH READ LOCK'], ['LOCK INSTANCE FOR BACKUP']]
        : [['FLUSH TABLES WITH READ LOCK'], ['BACKUP STAGE START', 'BACKUP STAGE BLOCK_COMMIT']]
    for (const statements of locks) {
      const backup = await source.session()
      for (const statement of statements) await backup.query(statement, soon())
      await close()
      expect(await outcome(backup, 'SELECT 1')).toBeInstanceOf(Failure)
      await openWrites(...source.talk, soon())
    }
  })

  test('long reads hold nothing up, and are ended', async () => {
    const reads = [
      outcome(await client(), 'SELECT SLEEP(100)'),
      outcome(await source.session(), 'SELECT GET_LOCK("mine", 100), SLEEP(100)'),
    ]
    await shows(source, /GET_LOCK/)
    await close()
    expect((await Promise.all(reads)).every(end => end instanceof Failure)).toBe(true)
  })

  test('a prepared XA transaction outlives the hand-over, and is committed on both', async () => {
    const [connected, gone] = [await client(), await client()]
    for (const [session, id] of [
      [connected, 'a'],
      [gone, 'b'],
    ] as const) {
      for (const sql of [`XA START '${id}'`, `INSERT INTO d.t (content) VALUES ('xa ${id}')`, `XA END '${id}'`]) {
        await session.query(sql, soon())
      }
      await session.query(`XA PREPARE '${id}'`, soon())
    }
    gone.close()
    await close()
    expect(await outcome(connected, "XA COMMIT 'a'")).toBeInstanceOf(Failure)
    await drainRelayLog(...replica.talk, soon())
    await forgetSource(...replica.talk, soon())
    await openWrites(...replica.talk, soon())
    for (const id of ['a', 'b']) await replica.query(`XA COMMIT '${id}'`)
    await follow(...source.talk, sourceAt(replica), soon())
    const theirs = await readExecuted(...replica.talk, soon())
    expect(await awaitExecuted(...source.talk, theirs, soon())).toBe(true)
    for (const content of ['xa a', 'xa b']) {
      expect(await isIn(replica, content)).toBe(true)
      await expect.poll(() => isIn(source, content), SEEN).toBe(true)
    }
  })
})
