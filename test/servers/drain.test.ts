import { beforeAll, expect, test } from 'vitest'
import { drainRelayLog } from '../../lib/mysql/drain-relay-log.ts'
import { follow } from '../../lib/mysql/follow.ts'
import { isEmpty, subtract } from '../../lib/mysql/gtid-set.ts'
import { forgetSource, stopReceiver, stopReplication } from '../../lib/mysql/replication.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { eachEngine } from './each-engine.ts'
import { sourceAt, startParallelPair } from './pair.ts'
import { TcpProxy } from './proxy.ts'
import { caughtUp, eventually, executed, MEGABYTE, received, replication, rows, write, writeLong } from './replicas.ts'
import { SEEN, soon, type TestServer } from './test-server.ts'

eachEngine(farm => {
  let source: TestServer
  let replica: TestServer

  beforeAll(async () => {
    ;({ source, replica } = await startParallelPair(farm()))
  })

  test('a drain applies what was received when both threads have stopped', async () => {
    await replica.query('STOP REPLICA SQL_THREAD')
    for (let n = 0; n < 5; n++) await write(source)
    await received(replica, source)
    await stopReceiver(...replica.talk, soon())
    expect(isEmpty(subtract(await executed(source), await executed(replica)))).toBe(false)
    await drainRelayLog(...replica.talk, soon())
    await expect.poll(() => rows(replica), SEEN).toBe(await rows(source))
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
    await expect.poll(() => rows(replica), SEEN).toBe(await rows(source))
  })
})
