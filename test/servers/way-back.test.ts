import { afterEach, expect, test, vi } from 'vitest'
import { openSession } from '../../agent/commands/command-session.ts'
import { observe } from '../../agent/observe.ts'
import { decide } from '../../agent/transitions.ts'
import { awaitExecuted } from '../../lib/mysql/applier-progress.ts'
import { follow } from '../../lib/mysql/follow.ts'
import { readExecuted } from '../../lib/mysql/read-server.ts'
import { stopReplication } from '../../lib/mysql/replication.ts'
import { awaitExit, signalServer } from '../../lib/mysql/server-process.ts'
import { closeWrites, openWrites } from '../../lib/mysql/write-gate.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { type Fake, type FakeCluster, fakeCluster, NEIGHBOUR } from './cluster-fakes.ts'
import { eachEngine } from './each-engine.ts'
import type { ServerFarm } from './farm.ts'
import { makeSource, sourceAt, startPair } from './pair.ts'
import { silentLog } from './silent-log.ts'
import { soon, type TestServer } from './test-server.ts'

afterEach(() => vi.unstubAllEnvs())

/** What the next monitor on alpha would do. */
async function monitor(farm: ServerFarm, fake: Fake) {
  return next('monitor', await fakeCluster(farm, fake))
}

/** What this action on alpha would do. */
async function next(deed: 'start' | 'monitor', cluster: FakeCluster) {
  vi.stubEnv('PATH', `${cluster.directory}:${process.env['PATH']}`)
  const opened = await openSession('db', 20_000, silentLog)
  if ('refusal' in opened) expect.fail(opened.refusal)
  try {
    const { because, steps } = decide(deed, await observe(deed, opened.session))
    return { because, steps: steps.map(step => step.do) }
  } finally {
    opened.session.hangUp()
  }
}

eachEngine(farm => {
  const executed = (server: TestServer) => readExecuted(...server.talk, soon())
  const caughtUp = async (replica: TestServer, source: TestServer) =>
    expect(await awaitExecuted(...replica.talk, await executed(source), soon())).toBe(true)

  test('a replica that follows nobody follows the source, whose name is another', async () => {
    const { source, replica: server } = await startPair(farm())
    await caughtUp(server, source)
    await stopReplication(...server.talk, soon())
    expect((await monitor(farm(), { server, source })).steps).toContain('follow')
  })

  test('what the source has purged is fetched from another replica', async () => {
    const { source, replica: server } = await startPair(farm())
    const neighbour = await farm().start()
    await follow(...neighbour.talk, sourceAt(source), soon())
    await Promise.all([caughtUp(server, source), caughtUp(neighbour, source)])
    await stopReplication(...server.talk, soon())
    await source.query("INSERT INTO d.t (content) VALUES ('soon gone')")
    await source.query('FLUSH BINARY LOGS')
    await caughtUp(neighbour, source)
    const last = (await source.query('SHOW BINARY LOGS')).at(-1)?.['Log_name']
    // MariaDB keeps what its crash recovery may need, until its engine says that it does not.
    const purged = await Deadline.in(60_000).poll(200, async () => {
      await source.query(`PURGE BINARY LOGS TO '${last}'`)
      return (await source.query('SHOW BINARY LOGS'))[0]?.['Log_name'] === last || undefined
    })
    expect(purged).toBe(true)

    // After a restart nobody knows what waits in the relay log: it is applied first, and the source refuses the receiver.
    expect((await monitor(farm(), { server, source })).steps).toEqual(
      expect.arrayContaining(['drain-relay-log', 'follow']),
    )
    await follow(...server.talk, sourceAt(source), soon())
    const isRefused = async () => (await server.facts()).replication?.receiver === 'stopped' || undefined
    expect(await Deadline.in(20_000).poll(50, isRefused)).toBe(true)
    expect((await monitor(farm(), { server, source })).because).toMatch(/alpha needs binary logs that beta has purged/)
    const fetching = await monitor(farm(), { server, source, neighbour })
    expect(fetching).toMatchObject({ steps: expect.arrayContaining(['follow-replica']) })
    expect(fetching.because).toBe(`alpha fetches from ${NEIGHBOUR} what beta no longer has in its binary logs`)
    await follow(...server.talk, sourceAt(neighbour), soon())
    await caughtUp(server, source)
    expect((await monitor(farm(), { server, source, neighbour })).steps).toContain('follow')
  })

  test('a server that has the name of the source, or of another replica, does not follow', async () => {
    const [source, server] = await Promise.all([farm().start(), farm().start()])
    const named = [`server_id=${(await server.facts()).serverId}`]
    const [twin, neighbour] = await Promise.all([farm().start(named), farm().start(named)])
    await makeSource(twin)
    expect((await monitor(farm(), { server, source: twin })).because).toMatch(/alpha and beta both have the server_id/)
    await makeSource(source)
    await follow(...neighbour.talk, sourceAt(source), soon())
    await caughtUp(neighbour, source)
    expect((await monitor(farm(), { server, source, neighbour })).because).toMatch(
      `alpha and ${NEIGHBOUR} both have the server_id`,
    )
  })

  test('a server that was written to is put into quarantine, with the way out', async () => {
    const { source, replica: server } = await startPair(farm())
    await caughtUp(server, source)
    await stopReplication(...server.talk, soon())
    await openWrites(...server.talk, soon())
    await server.query("INSERT INTO d.t (content) VALUES ('on alpha alone')")
    await closeWrites(...server.talk, soon())
    const { because, steps } = await monitor(farm(), { server, source })
    expect(steps).toEqual(['quarantine'])
    expect(because).toMatch(/alpha holds transactions that beta lacks: \S+; run heir rejoin on alpha/)
  })

  test('while the source is silent, only a server that crashed says that nothing is cut from its binary log', async () => {
    const { source, replica: server } = await startPair(farm())
    await caughtUp(server, source)
    const cluster = await fakeCluster(farm(), { server, source })
    await source.kill()
    await signalServer(server.process, 'SIGTERM')
    expect(await awaitExit(server.process, soon())).toBe(true)
    expect((await next('start', cluster)).because).toBe('starting mysqld')
    await server.start()
    await server.kill()
    expect((await next('start', cluster)).because).toMatch(/^starting mysqld without cutting its binary log: /)
  })
})
