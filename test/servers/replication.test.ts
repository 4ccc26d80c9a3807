import { beforeAll, expect, test } from 'vitest'
import { awaitExecuted } from '../../lib/mysql/applier-progress.ts'
import { drainRelayLog } from '../../lib/mysql/drain-relay-log.ts'
import { follow } from '../../lib/mysql/follow.ts'
import { contains, gtidSet, isEmpty, subtract, union } from '../../lib/mysql/gtid-set.ts'
import { readExecuted } from '../../lib/mysql/read-server.ts'
import {
  forgetSource,
  restartReceiver,
  startReplication,
  stopReceiver,
  stopReplication,
} from '../../lib/mysql/replication.ts'
import type { Coordinates, Replication } from '../../lib/mysql/server-facts.ts'
import { closeWrites, openWrites } from '../../lib/mysql/write-gate.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { eachEngine } from './each-engine.ts'
import { makeSource, REPLICATION, sourceAt, startPair } from './pair.ts'
import { TcpProxy } from './proxy.ts'
import { soon, type TestServer } from './test-server.ts'

const MEGABYTE = 1_000_000

const write = (server: TestServer, content = 'a row') => server.query(`INSERT INTO d.t (content) VALUES ('${content}')`)
const rows = (server: TestServer) => server.value('SELECT COUNT(*) FROM d.t')
const executed = (server: TestServer) => readExecuted(...server.talk, soon())
const replication = async (server: TestServer) => (await server.facts()).replication as Replication

/** Wait until the replica has executed what the source has executed now. */
async function caughtUp(replica: TestServer, source: TestServer): Promise<boolean> {
  return awaitExecuted(...replica.talk, await executed(source), soon())
}

/** Wait for something that comes within seconds, or never. */
const eventually = (holds: () => Promise<boolean>) =>
  Deadline.in(10_000).poll(20, async () => (await holds()) || undefined)

const isEqual = (a: Coordinates, b: Coordinates | undefined) => a.file === b?.file && a.position === b.position

/** Wait until the replica has applied, by file and position, what the source has in its binary log now. */
async function stoodAt(replica: TestServer, source: TestServer): Promise<boolean | undefined> {
  const end = (await source.facts()).binaryLog
  return eventually(async () => isEqual((await replication(replica)).appliedTo, end))
}

/** The number of the receiver's thread: another one after a restart. */
async function receiverThread(server: TestServer): Promise<string | null | undefined> {
  const threads = await server.query('SHOW PROCESSLIST')
  return threads.find(({ State }) => /to send event/.test(State ?? ''))?.['Id']
}

eachEngine(farm => {
  let source: TestServer
  let replica: TestServer

  beforeAll(async () => {
    const parallel = farm().engine.flavour === 'mariadb' ? ['slave_parallel_threads=2'] : [] // MySQL's default is 4
    ;({ source, replica } = await startPair(farm(), ['binlog_format=ROW', ...parallel]))
  })

  test('a server that follows another holds what that one wrote', async () => {
    await write(source)
    expect(await caughtUp(replica, source)).toBe(true)
    expect(await rows(replica)).toBe(await rows(source))
    expect(await replication(replica)).toMatchObject({
      sourceHost: '127.0.0.1',
      sourcePort: source.port,
      receiver: 'running',
      receiverError: undefined,
      applierRunning: true,
      applierError: undefined,
      lagSeconds: expect.any(Number),
      byGtid: true,
    })
    const end = (await source.facts()).binaryLog
    const { readTo, received } = await replication(replica)
    expect(readTo).toEqual(end)
    expect(contains(await executed(source), received)).toBe(true)
    // MySQL's parallel applier tells where it stands a little later.
    expect(await eventually(async () => isEqual((await replication(replica)).appliedTo, end))).toBe(true)
  })

  test('the receiver tries again every second, without end, and hears a heartbeat every second', async () => {
    const [status] = await replica.query('SHOW REPLICA STATUS')
    expect(status?.['Connect_Retry']).toBe('1')
    expect([undefined, '4294967295']).toContain(status?.['Source_Retry_Count'])
  })

  test('to follow again what is followed already restarts nothing', async () => {
    const before = await receiverThread(replica)
    expect(before).toBeDefined()
    await follow(...replica.talk, sourceAt(source), soon())
    expect(await receiverThread(replica)).toBe(before)
  })

  test('to wait for what does not come ends at the deadline', async () => {
    const theirs = await executed(source)
    const [key = ''] = theirs.keys()
    const more = union(theirs, gtidSet([[key, [1, 1000]]]))
    expect(await awaitExecuted(...replica.talk, more, Deadline.in(2000))).toBe(false)
    expect(await awaitExecuted(...replica.talk, theirs, soon())).toBe(true)
  })

  test('a receiver that is stopped leaves the applier at work', async () => {
    const before = await rows(replica)
    const lock = await replica.session()
    await lock.query('LOCK TABLES d.t READ', soon())
    for (let n = 0; n < 5; n++) await write(source)
    await received(replica, source)
    await stopReceiver(...replica.talk, soon())
    expect(await replication(replica)).toMatchObject({
      receiver: 'stopped',
      applierRunning: true,
      lagSeconds: undefined,
    })
    expect(await lock.query('SELECT COUNT(*) AS n FROM d.t', soon())).toEqual([{ n: before }])
    await lock.query('UNLOCK TABLES', soon())
    await drainRelayLog(...replica.talk, soon())
    expect(await rows(replica)).toBe(await rows(source))
    lock.close()
    await startReplication(...replica.talk, soon())
  })

  test('a receiver that is started anew keeps what was received, even when the source is gone', async () => {
    const lock = await replica.session()
    await lock.query('LOCK TABLES d.t READ', soon())
    for (let n = 0; n < 5; n++) await write(source)
    await received(replica, source)
    const everything = await rows(source)
    await source.kill()
    await restartReceiver(...replica.talk, soon())
    expect(await eventually(async () => (await replication(replica)).receiver === 'connecting')).toBe(true)
    await lock.query('UNLOCK TABLES', soon())
    lock.close()
    await drainRelayLog(...replica.talk, soon())
    expect(await rows(replica)).toBe(everything)
    await source.start()
    await openWrites(...source.talk, soon())
    await write(source)
    expect(await caughtUp(replica, source)).toBe(true)
  })

  test('a receiver is not started anew while the applier stands still', async () => {
    await replica.query('STOP REPLICA SQL_THREAD')
    await write(source)
    await received(replica, source)
    const before = await receiverThread(replica)
    await expect(restartReceiver(...replica.talk, soon())).rejects.toMatchObject({ kind: 'rejected' })
    expect(await receiverThread(replica)).toBe(before)
    await stopReceiver(...replica.talk, soon())
    await expect(restartReceiver(...replica.talk, soon())).rejects.toMatchObject({ kind: 'rejected' })
    expect(await replication(replica)).toMatchObject({ receiver: 'stopped', applierRunning: false })
    await drainRelayLog(...replica.talk, soon())
    await follow(...replica.talk, sourceAt(source), soon())
    expect(await caughtUp(replica, source)).toBe(true)
  })

  test('a drain applies what was received when both threads have stopped', async () => {
    await replica.query('STOP REPLICA SQL_THREAD')
    for (let n = 0; n < 5; n++) await write(source)
    await received(replica, source)
    await stopReceiver(...replica.talk, soon())
    expect(isEmpty(subtract(await executed(source), await executed(replica)))).toBe(false)
    await drainRelayLog(...replica.talk, soon())
    expect(await rows(replica)).toBe(await rows(source))
    await follow(...replica.talk, sourceAt(source), soon())
    await write(source)
    expect(await caughtUp(replica, source)).toBe(true)
    expect(await replication(replica)).toMatchObject({ byGtid: true, receiver: 'running' })
  })

  test('a drain applies what was received before the server was killed', async () => {
    await replica.query('STOP REPLICA SQL_THREAD')
    for (let n = 0; n < 5; n++) await write(source)
    await received(replica, source)
    await replica.kill()
    await replica.start()
    expect(isEmpty(subtract(await executed(source), await executed(replica)))).toBe(false)
    await drainRelayLog(...replica.talk, soon())
    expect(isEmpty(subtract(await executed(source), await executed(replica)))).toBe(true)
    if (replica.flavour.name === 'mariadb') expect(await replica.value('SELECT @@slave_parallel_threads')).toBe('2')
    await drainRelayLog(...replica.talk, soon())
    await follow(...replica.talk, sourceAt(source), soon())
    await write(source)
    expect(await caughtUp(replica, source)).toBe(true)
  })

  test('half a transaction in the relay log keeps neither a drain nor a stop waiting', async () => {
    await using proxy = await TcpProxy.open(source.port)
    await follow(...replica.talk, sourceAt(source, { port: proxy.port }), soon())
    expect(await caughtUp(replica, source)).toBe(true)
    const before = await rows(replica)
    proxy.holdAfter(3 * MEGABYTE)
    await writeLong(source, 20 * MEGABYTE)
    const half = () =>
      replica.query('SHOW REPLICA STATUS').then(([row]) => Number(row?.['Relay_Log_Space']) > 2 * MEGABYTE)
    expect(await eventually(half)).toBe(true)
    await stopReceiver(...replica.talk, soon())
    const { readTo, appliedTo } = await replication(replica)
    expect(appliedTo).not.toEqual(readTo)
    await drainRelayLog(...replica.talk, Deadline.in(5000))
    await stopReplication(...replica.talk, Deadline.in(10_000))
    expect(await replication(replica)).toMatchObject({ receiver: 'stopped', applierRunning: false })
    await forgetSource(...replica.talk, Deadline.in(10_000))
    expect((await replica.facts()).replication).toBeUndefined()
    expect(await rows(replica)).toBe(before)
    await follow(...replica.talk, sourceAt(source), soon())
    expect(await caughtUp(replica, source)).toBe(true)
    const same = async () => (await rows(replica)) === (await rows(source)) // MariaDB shows a commit in its log a moment before
    expect(await eventually(same)).toBe(true)
  })

  test('the applier’s own error ends a wait', async () => {
    await openWrites(...replica.talk, soon())
    await replica.query('SET SESSION sql_log_bin = OFF')
    await replica.query('INSERT INTO d.t (id) VALUES (1000)')
    await replica.query('SET SESSION sql_log_bin = ON')
    await source.query('INSERT INTO d.t (id) VALUES (1000)')
    await expect(caughtUp(replica, source)).rejects.toThrow(/the applier has stopped: .*\(1062\)/s)
    expect((await replication(replica)).applierError).toMatch(/Duplicate entry .*\(1062\)/s)
    await replica.query('SET SESSION sql_log_bin = OFF')
    await replica.query('DELETE FROM d.t WHERE id = 1000')
    await replica.query('SET SESSION sql_log_bin = ON')
    await closeWrites(...replica.talk, soon())
    await startReplication(...replica.talk, soon())
    expect(await caughtUp(replica, source)).toBe(true)
  })

  test('a password that was wrong is replaced', async () => {
    await using proxy = await TcpProxy.open(source.port)
    const there = { port: proxy.port }
    const wrong = { ...REPLICATION, password: 'wrong' }
    await follow(...replica.talk, sourceAt(source, { ...there, account: wrong }), soon())
    const denied = await Deadline.in(20_000).poll(50, async () => (await replication(replica)).receiverError)
    expect(denied).toMatch(/1045/)
    await follow(...replica.talk, sourceAt(source, there), soon())
    await write(source)
    expect(await caughtUp(replica, source)).toBe(true)
    await follow(...replica.talk, sourceAt(source), soon())
  })

  test('source and replica change places, twice', async () => {
    let [first, second] = [source, replica]
    for (let round = 0; round < 2; round++) {
      await write(first)
      await closeWrites(...first.talk, soon())
      expect(await caughtUp(second, first)).toBe(true)
      await drainRelayLog(...second.talk, soon())
      await forgetSource(...second.talk, soon())
      await openWrites(...second.talk, soon())
      await write(second)
      await follow(...first.talk, sourceAt(second), soon())
      expect(await caughtUp(first, second)).toBe(true)
      expect(await rows(first)).toBe(await rows(second))
      ;[first, second] = [second, first]
    }
    await forgetSource(...replica.talk, soon())
    expect((await source.facts()).replication?.sourcePort ?? source.port).not.toBe(undefined)
  })
})

/** Wait until the receiver has all that the source has executed. */
async function received(replica: TestServer, source: TestServer): Promise<void> {
  const theirs = await executed(source)
  const holdsAll = async () => {
    const facts = await replica.facts()
    return contains(union(facts.executed, facts.replication?.received ?? gtidSet([])), theirs)
  }
  expect(await eventually(holdsAll)).toBe(true)
}

/** One transaction of that size in the binary log. */
async function writeLong(server: TestServer, bytes: number): Promise<void> {
  await server.query('BEGIN')
  for (let n = 0; n < bytes / MEGABYTE; n++) {
    await server.query(`INSERT INTO d.t (content) VALUES (REPEAT('x', ${MEGABYTE}))`)
  }
  await server.query('COMMIT')
}

eachEngine(farm => {
  let source: TestServer
  let replica: TestServer

  beforeAll(async () => {
    const withoutGtids = farm().engine.flavour === 'mysql' ? ['gtid_mode=OFF', 'enforce_gtid_consistency=OFF'] : []
    const options = ['binlog_format=ROW', ...withoutGtids]
    ;[source, replica] = await Promise.all([farm().start(options), farm().start(options)])
  })

  test('a server follows from a place in the binary log', async () => {
    const start = (await source.facts()).binaryLog
    if (start === undefined) throw new Error('the source has no binary log')
    await makeSource(source)
    await follow(...replica.talk, sourceAt(source, { from: start }), soon())
    await write(source)
    expect(await stoodAt(replica, source)).toBe(true)
    expect(await rows(replica)).toBe('1')
    expect(await replication(replica)).toMatchObject({ byGtid: false, receiver: 'running', applierRunning: true })
  })

  test('to follow again goes on where the replica stands', async () => {
    await stopReplication(...replica.talk, soon())
    await write(source)
    await follow(...replica.talk, sourceAt(source, { from: { file: 'binlog.000001', position: 4 } }), soon())
    expect(await stoodAt(replica, source)).toBe(true)
    expect(await rows(replica)).toBe('2')
  })

  test('half a transaction in the relay log keeps neither a drain nor a stop waiting without GTIDs', async () => {
    await using proxy = await TcpProxy.open(source.port)
    const { appliedTo } = await replication(replica)
    await follow(...replica.talk, sourceAt(source, { port: proxy.port, from: appliedTo }), soon())
    await write(source)
    expect(await stoodAt(replica, source)).toBe(true)
    const whole = (await replication(replica)).appliedTo
    proxy.holdAfter(3 * MEGABYTE)
    await writeLong(source, 20 * MEGABYTE)
    const half = () => replication(replica).then(({ readTo }) => readTo.position > whole.position + 2 * MEGABYTE)
    expect(await eventually(half)).toBe(true)
    await stopReceiver(...replica.talk, soon())
    await drainRelayLog(...replica.talk, Deadline.in(10_000))
    expect((await replication(replica)).appliedTo).toEqual(whole)
    await forgetSource(...replica.talk, Deadline.in(10_000))
    expect(await rows(replica)).toBe('3')
  })
})
