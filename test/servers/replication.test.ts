import { beforeAll, expect, test } from 'vitest'
import { awaitExecuted } from '../../lib/mysql/applier-progress.ts'
import { drainRelayLog } from '../../lib/mysql/drain-relay-log.ts'
import { follow } from '../../lib/mysql/follow.ts'
import { contains, gtidSet, union } from '../../lib/mysql/gtid-set.ts'
import { forgetSource, restartReceiver, startReplication, stopReceiver } from '../../lib/mysql/replication.ts'
import { closeWrites, openWrites } from '../../lib/mysql/write-gate.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { eachEngine } from './each-engine.ts'
import { REPLICATION, sourceAt, startParallelPair } from './pair.ts'
import { TcpProxy } from './proxy.ts'
import { caughtUp, eventually, executed, received, replication, rows, stoodAt, write } from './replicas.ts'
import { SEEN, soon, type TestServer } from './test-server.ts'

/** The number of the receiver's thread: another one after a restart. One that is taking an event in says something else. */
function receiverThread(server: TestServer): Promise<string | undefined> {
  return soon().poll(20, async () => {
    const threads = await server.query('SHOW PROCESSLIST')
    return threads.find(({ State }) => /to send event/.test(State ?? ''))?.['Id'] ?? undefined
  })
}

eachEngine(farm => {
  let source: TestServer
  let replica: TestServer

  beforeAll(async () => {
    ;({ source, replica } = await startParallelPair(farm()))
  })

  test('a server that follows another holds what that one wrote', async () => {
    await write(source)
    expect(await caughtUp(replica, source)).toBe(true)
    await expect.poll(() => rows(replica), SEEN).toBe(await rows(source))
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
    expect(await stoodAt(replica, source)).toBe(true)
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
    await expect.poll(() => rows(replica), SEEN).toBe(await rows(source))
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
    await expect.poll(() => rows(replica), SEEN).toBe(everything)
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
      await expect.poll(() => rows(first), SEEN).toBe(await rows(second))
      ;[first, second] = [second, first]
    }
    await forgetSource(...replica.talk, soon())
    expect((await source.facts()).replication?.sourcePort ?? source.port).not.toBe(undefined)
  })
})
