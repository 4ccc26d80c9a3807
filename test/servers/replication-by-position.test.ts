import { beforeAll, expect, test } from 'vitest'
import { drainRelayLog } from '../../lib/mysql/drain-relay-log.ts'
import { follow } from '../../lib/mysql/follow.ts'
import { forgetSource, stopReceiver, stopReplication } from '../../lib/mysql/replication.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { eachEngine } from './each-engine.ts'
import { makeSource, sourceAt } from './pair.ts'
import { TcpProxy } from './proxy.ts'
import { eventually, MEGABYTE, replication, rows, stoodAt, write, writeLong } from './replicas.ts'
import { SEEN, soon, type TestServer } from './test-server.ts'

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
    await expect.poll(() => rows(replica), SEEN).toBe('1')
    expect(await replication(replica)).toMatchObject({ byGtid: false, receiver: 'running', applierRunning: true })
  })

  test('to follow again goes on where the replica stands', async () => {
    await stopReplication(...replica.talk, soon())
    await write(source)
    await follow(...replica.talk, sourceAt(source, { from: { file: 'binlog.000001', position: 4 } }), soon())
    expect(await stoodAt(replica, source)).toBe(true)
    await expect.poll(() => rows(replica), SEEN).toBe('2')
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
    await expect.poll(() => rows(replica), SEEN).toBe('3')
  })
})
