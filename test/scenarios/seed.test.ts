import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { MARKER } from '../../lib/seed/marker.ts'
import type { CommandResult } from '../../lib/system/command.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { waitUntilCertified } from '../chaos/certified.ts'
import { runOn, signalServer } from '../lab/damage.ts'
import { heldRows } from '../lab/held-rows.ts'
import { judge } from '../lab/judge.ts'
import type { Lab } from '../lab/lab.ts'
import { clusterUnderLoad } from '../lab/under-load.ts'

const DATA = '/var/lib/mysql'
const settled = () => Deadline.in(180_000)

const run = (lab: Lab, node: string, argv: readonly string[]): Promise<CommandResult> =>
  lab.exec(node, argv, { deadline: Deadline.in(400_000) })

/** Delete a replica's data under its server, as a broken disk does. */
async function emptyReplica(lab: Lab): Promise<string> {
  const source = await waitUntilCertified(lab, settled())
  const node = lab.nodes.find(name => name !== source) ?? expect.fail('there is no replica')
  await signalServer(lab, node, 'KILL')
  await runOn(lab, node, ['find', DATA, '-mindepth', '1', '-maxdepth', '1', '-exec', 'rm', '-rf', '{}', '+'])
  return node
}

/** What root can do on a replica, and nobody else. */
const ERRANT = {
  mariadb: 'CREATE DATABASE errant',
  mysql: 'SET GLOBAL super_read_only = OFF; CREATE DATABASE errant; SET GLOBAL super_read_only = ON',
} as const

/** Whether a server runs on the data directory, half seeded or not. */
async function serves(lab: Lab, node: string): Promise<boolean> {
  const script = `for p in /proc/[0-9]*; do [ "$(readlink $p/cwd)" != ${DATA} ] || exit 0; done; exit 1`
  return (await run(lab, node, ['sh', '-c', script])).exitCode === 0
}

/** A node that is being rebuilt, and the replica whose data it takes. */
interface Rebuild {
  readonly lab: Lab
  readonly node: string
  readonly donor: string
}

/** The server has to be stopped and the donor to call before anything is copied: a rebuild takes longer than this. */
const MOST_DELAY_MS = 6000

async function killWorker({ lab, node }: Rebuild): Promise<void> {
  const { pid } = JSON.parse(await runOn(lab, node, ['cat', '/run/heir/db.seeding']))
  await runOn(lab, node, ['kill', '-s', 'KILL', String(pid)])
}

async function nothingIsMissing(lab: Lab, load: { attempts(): Promise<Parameters<typeof judge>[0]> }): Promise<void> {
  const attempts = await load.attempts()
  const probe = async () => {
    const verdicts = judge(attempts, await heldRows(lab, lab.nodes))
    return verdicts.every(({ missing }) => missing.length === 0) || undefined
  }
  await lab.waitFor('every acknowledged write on all nodes', probe, settled())
}

describe.each(['mariadb-10.11', 'mysql-9.7'] as const)('%s', engine => {
  const cluster = clusterUnderLoad({ engine, parameters: ['on_diverged=reseed'] })

  test('an empty node is a replica again after one command', async () => {
    const { lab, load } = cluster()
    const node = await emptyReplica(lab)
    const { exitCode, stdout, stderr } = await run(lab, node, ['heir', 'seed'])
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 })
    expect(stdout).toMatch(/copying the data of .*is a replica again/s)
    await waitUntilCertified(lab, settled())
    await nothingIsMissing(lab, load)
  })

  test('killed anywhere, it leaves no server that serves, and goes on when it is called again', async () => {
    const { lab, load } = cluster()
    const node = await emptyReplica(lab)
    let interrupted = 0
    for (const seconds of [2, 4, 6, 8, 10]) {
      await run(lab, node, ['sh', '-c', `timeout --signal=KILL ${seconds} heir seed || true`])
      const isMarked = (await run(lab, node, ['test', '-e', `${DATA}/${MARKER}`])).exitCode === 0
      if (!isMarked) continue
      interrupted++
      expect(await serves(lab, node)).toBe(false)
      await delay(3000)
      expect(await serves(lab, node)).toBe(false)
    }
    expect(interrupted).toBeGreaterThan(0)
    const { exitCode, stderr } = await run(lab, node, ['heir', 'seed', '--discard'])
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 })
    await waitUntilCertified(lab, settled())
    await nothingIsMissing(lab, load)
  })

  const STRIKES: readonly (readonly [string, (rebuild: Rebuild) => Promise<void>])[] = [
    ['', async () => {}],
    [', also when its process is killed', killWorker],
    [', also when its machine loses power', ({ lab, node }) => lab.off(node)],
    [', also when the donor loses power', ({ lab, donor }) => lab.off(donor)],
  ]
  test.each(STRIKES)('a node with transactions of its own is rebuilt by policy%s', async (_, strike) => {
    const { lab, load } = cluster()
    const source = await waitUntilCertified(lab, settled())
    const [node = '', donor = ''] = lab.nodes.filter(name => name !== source)
    await lab.sql(node, ERRANT[lab.engine.flavour])
    const isMarked = async () => (await run(lab, node, ['test', '-e', `${DATA}/${MARKER}`])).exitCode === 0 || undefined
    await lab.waitFor(`the rebuild of ${node}`, isMarked, settled())
    await delay(Math.random() * MOST_DELAY_MS)
    expect(await isMarked()).toBe(true)
    await strike({ lab, node, donor })
    const isRebuilt = async () => {
      const question = [lab.engine.client, '--execute', "SHOW DATABASES LIKE 'errant'"]
      const answer = await lab.exec(node, question).catch(() => undefined) // its power may be off
      return (answer?.exitCode === 0 && answer.stdout === '') || undefined
    }
    await lab.waitFor(`${node} without what only it held`, isRebuilt, settled())
    await waitUntilCertified(lab, settled())
    await nothingIsMissing(lab, load)
  })
})
