import { expect, test } from 'vitest'
import { awaitExecuted } from '../../lib/mysql/applier-progress.ts'
import { follow } from '../../lib/mysql/follow.ts'
import { readExecuted } from '../../lib/mysql/read-server.ts'
import { releaseApplier, stopReceiver } from '../../lib/mysql/replication.ts'
import { awaitExit, signalServer } from '../../lib/mysql/server-process.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { eachEngine } from './each-engine.ts'
import { sourceAt, startPair } from './pair.ts'
import { TcpProxy } from './proxy.ts'
import { soon } from './test-server.ts'

const MEGABYTE = 1_000_000

/** MySQL waits a minute for the other half, and ends then. */
const BEFORE_THAT = 40_000

eachEngine(farm => {
  test('half a transaction in the relay log does not hold up a shutdown, and comes whole after it', async () => {
    const { source, replica } = await startPair(farm(), ['binlog_format=ROW'])
    await using proxy = await TcpProxy.open(source.port)
    await follow(...replica.talk, sourceAt(source, { port: proxy.port }), soon())
    await awaitExecuted(...replica.talk, await readExecuted(...source.talk, soon()), soon())
    proxy.holdAfter(3 * MEGABYTE)
    await source.query('BEGIN')
    for (let n = 0; n < 20; n++) await source.query(`INSERT INTO d.t (content) VALUES (REPEAT('x', ${MEGABYTE}))`)
    await source.query('COMMIT')
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
    expect(await replica.value('SELECT COUNT(*) FROM d.t')).toBe('0')
    await follow(...replica.talk, sourceAt(source), soon())
    const written = await readExecuted(...source.talk, soon())
    expect(await awaitExecuted(...replica.talk, written, soon())).toBe(true)
    const all = async () => (await replica.value('SELECT COUNT(*) FROM d.t')) === '20' || undefined
    expect(await soon().poll(20, all)).toBe(true)
  })
})
