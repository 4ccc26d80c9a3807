import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { openSession } from '../../agent/commands/command-session.ts'
import { fitness } from '../../agent/fitness.ts'
import { observe } from '../../agent/observe.ts'
import { decide } from '../../agent/transitions.ts'
import { awaitExecuted } from '../../lib/mysql/applier-progress.ts'
import { follow } from '../../lib/mysql/follow.ts'
import { readExecuted } from '../../lib/mysql/read-server.ts'
import { forgetSource } from '../../lib/mysql/replication.ts'
import { openWrites } from '../../lib/mysql/write-gate.ts'
import { type FakeCluster, fakeCluster } from './cluster-fakes.ts'
import { eachEngine } from './each-engine.ts'
import type { ServerFarm } from './farm.ts'
import { sourceAt, startPair } from './pair.ts'
import { silentLog } from './silent-log.ts'
import { succeed } from './succeed.ts'
import { soon, type TestServer } from './test-server.ts'

afterEach(() => vi.unstubAllEnvs())

eachEngine(farm => {
  const executed = (server: TestServer) => readExecuted(...server.talk, soon())
  const caughtUp = async (replica: TestServer, source: TestServer) =>
    expect(await awaitExecuted(...replica.talk, await executed(source), soon())).toBe(true)

  /** A server that was the source and runs on a copy of its data from before its last writes, and the one that took over. */
  const startAged = async (change = async (_copy: string) => {}) => {
    const { source: server, replica: source } = await startPair(farm())
    const { dataDirectory } = server.launch
    await server.kill()
    await succeed('cp', ['-a', dataDirectory, `${dataDirectory}-copy`])
    await server.start()
    await openWrites(...server.talk, soon())
    await server.query("INSERT INTO d.t (content) VALUES ('after the copy')")
    await caughtUp(source, server)
    await forgetSource(...source.talk, soon())
    await openWrites(...source.talk, soon())
    await server.kill()
    await succeed('rm', ['-rf', dataDirectory])
    await succeed('mv', [`${dataDirectory}-copy`, dataDirectory])
    await change(dataDirectory)
    await server.start()
    return { server, source }
  }

  test('a server with data older than its own writes is put into quarantine before it follows', async () => {
    const { server, source } = await startAged()
    expect(await monitor(farm(), server, source)).toMatchObject({
      steps: ['quarantine'],
      because: expect.stringMatching(/^alpha lacks transactions that it wrote itself.*run heir seed on alpha$/),
    })
  })

  test('it would follow without an error, and lack them for good: that is noticed as well', async () => {
    const { server, source } = await startAged()
    await follow(...server.talk, sourceAt(source), soon())
    await source.query("INSERT INTO d.t (content) VALUES ('by the successor')")
    const rows = (one: TestServer) => one.query('SELECT content FROM d.t ORDER BY id')
    await expect.poll(async () => (await rows(server)).length, { timeout: 20_000 }).toBe(1)
    expect((await rows(source)).length).toBe(2)
    expect((await server.facts()).replication).toMatchObject({ receiver: 'running', applierError: undefined })
    const { steps, because, fit } = await monitor(farm(), server, source)
    expect(steps).toEqual(['quarantine', 'disarm-replica', 'stop-receiver'])
    expect(because).toMatch(/^alpha lacks transactions that it wrote itself/)
    expect(fit).toMatchObject({ score: '-INFINITY', readable: false, degraded: true })
  })

  test('what bears its server_id it skips under a new server_uuid as well, and is neither read nor promoted', async () => {
    const { server, source } = await startAged(copy => rm(join(copy, 'auto.cnf'), { force: true }))
    const cluster = await fakeCluster(farm(), { server, source })
    await follow(...server.talk, sourceAt(source), soon())
    await source.query("INSERT INTO d.t (content) VALUES ('by the successor')")
    const rows = () => server.query('SELECT content FROM d.t')
    await expect.poll(async () => (await rows()).length, { timeout: 20_000 }).toBe(1)
    const { fit } = await next(cluster)
    expect(fit).toMatchObject({ score: '-INFINITY', readable: false, degraded: true })
    const found = {
      mysql: 'has skipped transactions of its source',
      mariadb: 'lacks transactions that it wrote itself',
    }
    expect(fit.because).toMatch(`alpha ${found[farm().engine.flavour]}`)
  })
})

/** What the next monitor on alpha would do, and say. */
async function monitor(farm: ServerFarm, server: TestServer, source: TestServer) {
  return next(await fakeCluster(farm, { server, source }))
}

async function next(cluster: FakeCluster) {
  vi.stubEnv('PATH', `${cluster.directory}:${process.env['PATH']}`)
  const opened = await openSession('db', 20_000, silentLog)
  if ('refusal' in opened) expect.fail(opened.refusal)
  try {
    const situation = await observe('monitor', opened.session)
    const { because, steps } = decide('monitor', situation)
    return { because, steps: steps.map(step => step.do), fit: fitness(situation) }
  } finally {
    opened.session.hangUp()
  }
}
