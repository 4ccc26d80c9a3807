import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { type SeedRequest, seed } from '../../agent/commands/seed.ts'
import { awaitExecuted } from '../../lib/mysql/applier-progress.ts'
import { follow } from '../../lib/mysql/follow.ts'
import { readExecuted } from '../../lib/mysql/read-server.ts'
import { closeWrites, openWrites } from '../../lib/mysql/write-gate.ts'
import { readMarker } from '../../lib/seed/marker.ts'
import { UNWATCHED } from '../agent/commands/unwatched.ts'
import { eachEngine } from './each-engine.ts'
import type { ServerFarm } from './farm.ts'
import { makeSource, sourceAt } from './pair.ts'
import { DONOR, RECIPIENT, SeedCluster } from './seed-fakes.ts'
import { SEEN, soon, type TestServer } from './test-server.ts'

const PROGRAM = join(import.meta.dirname, 'donate-program.ts')
const WORDS: SeedRequest = { discard: false, clearFirst: false, port: 0, automatic: false, watched: false }

afterEach(() => vi.unstubAllEnvs())

interface Scene {
  readonly source: TestServer
  readonly recipient: TestServer
  readonly cluster: SeedCluster
}

/** A source with data, and a server with data of its own; the words are said on the node of the latter. */
async function setScene(farm: ServerFarm): Promise<Scene> {
  const plugins = farm.engine.flavour === 'mysql' ? ['plugin_load_add=mysql_clone.so'] : []
  const [source, recipient] = await Promise.all([farm.start(plugins), farm.start(plugins)])
  await makeSource(source)
  if (farm.engine.flavour === 'mysql') await source.query("GRANT BACKUP_ADMIN ON *.* TO replicator@'%'")
  await source.query("INSERT INTO d.t (content) VALUES (REPEAT('a', 3000000))")
  await openWrites(...recipient.talk, soon())
  await recipient.query('CREATE DATABASE errant')
  await closeWrites(...recipient.talk, soon())
  const cluster = await SeedCluster.create(farm, source, recipient)
  vi.stubEnv('PATH', `${cluster.toolsOf(RECIPIENT)}:${process.env['PATH']}`)
  return { source, recipient, cluster }
}

/** Do what Pacemaker and the donor's monitor do, until the command has ended. */
async function playCluster({ source, recipient, cluster }: Scene, isOver: () => boolean): Promise<void> {
  const done = new Set<string>()
  const once = async (what: string, happens: boolean, work: () => Promise<unknown>) => {
    if (!happens || done.has(what)) return
    done.add(what)
    await work()
  }
  while (!isOver()) {
    const calls = await cluster.calls()
    await once('stop', calls.includes('cibadmin --modify'), () => recipient.kill())
    await once('donate', await cluster.hasRequest(), async () => startDonor(cluster))
    await once('start', calls.includes('crm_resource --cleanup'), async () => {
      await recipient.start()
      await follow(...recipient.talk, sourceAt(source), soon())
    })
    await delay(50)
  }
}

function startDonor(cluster: SeedCluster): void {
  const PATH = `${cluster.toolsOf(DONOR)}:/usr/sbin:/usr/bin:/sbin:/bin`
  spawn(process.execPath, [PROGRAM], { stdio: ['ignore', 'inherit', 'inherit'], env: { PATH } })
}

async function heirSeed(scene: Scene, words: Partial<SeedRequest>) {
  let isOver = false
  const command = seed({ ...WORDS, ...words }, UNWATCHED).finally(() => {
    isOver = true
  })
  const [report] = await Promise.all([command, playCluster(scene, () => isOver)])
  return report
}

eachEngine(farm => {
  test('heir seed refuses to give up what only its node holds, and changes nothing', async () => {
    const scene = await setScene(farm())
    expect(await heirSeed(scene, {})).toEqual({
      done: false,
      sentence: expect.stringMatching(/^localhost holds transactions that 127\.0\.0\.1 lacks: \S+: .*--discard/),
    })
    expect(await scene.cluster.calls()).not.toMatch(/crm_resource|--update|--delete/)
    expect(await scene.recipient.query("SHOW DATABASES LIKE 'errant'")).toHaveLength(1)
  })

  const WAYS: readonly (readonly [string, Partial<SeedRequest>])[] = [
    ['in the usual way', {}],
    ['by a dump', { method: 'dump' }],
    ['by a dump over ssh', { method: 'dump', ssh: 'root@donor' }],
  ]
  test.each(WAYS)('heir seed --discard makes its node a replica %s', async (_, words) => {
    const scene = await setScene(farm())
    const { source, recipient, cluster } = scene
    const before = (await recipient.facts()).serverId
    expect(await heirSeed(scene, { discard: true, ...words })).toEqual({
      done: true,
      sentence: 'localhost is a replica again',
    })
    expect(await awaitExecuted(...recipient.talk, await readExecuted(...source.talk, soon()), soon())).toBe(true)
    await expect
      .poll(() => recipient.query('CHECKSUM TABLE d.t'), SEEN)
      .toEqual(await source.query('CHECKSUM TABLE d.t'))
    expect(await recipient.query("SHOW DATABASES LIKE 'errant'")).toEqual([])
    expect((await recipient.facts()).serverId).toBe(before)

    const calls = (await cluster.calls()).split('\n').filter(call => /rsc_location|^crm_resource/.test(call))
    expect(calls).toEqual([
      expect.stringMatching(/ --modify .*id="db-held-back-from-localhost" rsc="db-clone" node="localhost" score="-INF/),
      "cibadmin --delete --xpath //constraints/rsc_location[@id='db-held-back-from-localhost']",
      'crm_resource --cleanup --resource db-clone --node localhost',
    ])
    expect(await cluster.isQuarantined()).toBe(false)
    expect(await cluster.hasRequest()).toBe(false)
    expect(await readMarker(recipient.launch.dataDirectory)).toBeUndefined()
  })
})
