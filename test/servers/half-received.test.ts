import { expect, test } from 'vitest'
import { follow } from '../../lib/mysql/follow.ts'
import { releaseApplier, stopReceiver } from '../../lib/mysql/replication.ts'
import { awaitExit, signalServer } from '../../lib/mysql/server-process.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { eachEngine } from './each-engine.ts'
import { sourceAt, startPair } from './pair.ts'
import { TcpProxy } from './proxy.ts'
import { caughtUp, eventually, MEGABYTE, rows, writeLong } from './replicas.ts'
import { soon } from './test-server.ts'

/** MySQL waits a minute for the other half, and ends then. */
const BEFORE_THAT = 40_000

eachEngine(farm => {
  test('half a transaction in the relay log does not hold up a shutdown, and comes whole after it', async () => {
    const { source, replica } = await startPair(farm(), ['binlog_format=ROW'])
    await using proxy = await TcpProxy.open(source.port)
    await follow(...replica.talk, sourceAt(source, { port: proxy.port }), soon())
    expect(await caughtUp(replica, source)).toBe(true)
    proxy.holdAfter(3 * MEGABYTE)
    await writeLong(source, 20 * MEGABYTE)
    const half = async () => {
      const [row] = await replica.query('SHOW REPLICA STATUS')
      return Number(row?.['Relay_Log_Space']) > 2 * MEGABYTE || undefined
    }
    expect(await Deadline.in(20_000).poll(20, half)).toBe(true)

    await stopReceiver(...replica.talk, soon())
    await releaseApplier(...replica.talk, soon())
    await signalServer(replica.process, 'SIGTERM')
    expect(await awaitExit(replica.process, Deadline.in(BEFORE_THAT))).toBe(true)

    await replica.start()
    expect(await rows(replica)).toBe('0')
    await follow(...replica.talk, sourceAt(source), soon())
    expect(await caughtUp(replica, source)).toBe(true)
    expect(await eventually(async () => (await rows(replica)) === '20')).toBe(true)
  })
})
