import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Deadline } from '../../lib/system/deadline.ts'
import { waitUntilCertified } from '../chaos/certified.ts'
import { faultNamed } from '../chaos/faults.ts'
import { trial } from '../chaos/trial.ts'
import { heldRows } from '../lab/held-rows.ts'
import { judge } from '../lab/judge.ts'
import type { Lab } from '../lab/lab.ts'
import { type ClusterUnderLoad, clusterUnderLoad } from '../lab/under-load.ts'

/** Cluster software takes so long to settle after whatever was before. */
const settled = () => Deadline.in(120_000)

/** Cut a node off; it is fenced, and its cable stays out, so that it cannot come back. Answers since when it is gone. */
async function takeAway(lab: Lab, node: string): Promise<number> {
  const since = Date.now()
  await lab.cut(node)
  const fencing = async () =>
    (await lab.powerLog()).find(({ action, machine, at }) => action === 'reboot' && machine === node && at >= since)
  const { at } = await lab.waitFor(`${node} fenced`, fencing, Deadline.in(60_000))
  return at
}

async function other(lab: Lab, source: string): Promise<string> {
  const [replica] = lab.nodes.filter(node => node !== source)
  if (replica === undefined) throw new Error(`${source} is alone`)
  return replica
}

const acknowledgedSince = async ({ load }: ClusterUnderLoad, since: number) =>
  (await load.attempts()).filter(({ error, begin }) => error === undefined && begin > since).length

/** Wait until a write that began after a time is acknowledged. */
async function writesGoOn(cluster: ClusterUnderLoad, since: number): Promise<void> {
  const probe = async () => (await acknowledgedSince(cluster, since)) > 0 || undefined
  await cluster.lab.waitFor('an acknowledged write', probe, Deadline.in(60_000))
}

/** Wait until the cluster says that the source alone holds what it acknowledges. */
async function uncertified(lab: Lab, node: string): Promise<void> {
  const query = ['crm_attribute', '--type', 'crm_config', '--name', 'db-guarantee', '--query', '--quiet']
  const probe = async () => / acks=0 /.test((await lab.exec(node, query)).stdout.trim()) || undefined
  await lab.waitFor('a guarantee of no replica', probe, Deadline.in(60_000))
}

/** Every acknowledged write is on both nodes. */
async function nothingIsMissing({ lab, load }: ClusterUnderLoad): Promise<void> {
  const attempts = await load.attempts()
  const source = await waitUntilCertified(lab, settled())
  const caughtUp = async () => {
    const verdicts = judge(attempts, await heldRows(lab, [source, await other(lab, source)]))
    return verdicts.every(({ missing }) => missing.length === 0) || undefined
  }
  await lab.waitFor('every acknowledged write on both nodes', caughtUp, Deadline.in(30_000))
}

describe('two nodes', () => {
  const cluster = clusterUnderLoad({ engine: 'mariadb-10.11', nodes: 2 })

  test.each(['kill-source', 'off-source', 'off-all'].map(faultNamed))(
    '$title: nothing is lost and both nodes are back',
    async fault => {
      const { lab, load } = cluster()
      await waitUntilCertified(lab, settled())
      expect(await trial(lab, load, fault)).toMatchObject({ lost: 0 })
    },
  )

  test('while the replica is away the source goes on alone, and says so; when it is back, commits wait for it again', async () => {
    const { lab } = cluster()
    const source = await waitUntilCertified(lab, settled())
    const replica = await other(lab, source)
    const since = await takeAway(lab, replica)
    await writesGoOn(cluster(), since)
    await uncertified(lab, source)
    await lab.heal(replica)
    expect(await waitUntilCertified(lab, settled())).toBe(source)
    await nothingIsMissing(cluster())
  })

  test('a replica that was away while the source wrote alone does not take its place', async () => {
    const { lab } = cluster()
    const source = await waitUntilCertified(lab, settled())
    const replica = await other(lab, source)
    await writesGoOn(cluster(), await takeAway(lab, replica))
    await lab.off(source)
    await lab.heal(replica)
    const alone = Date.now()
    await delay(20_000)
    expect(await acknowledgedSince(cluster(), alone)).toBe(0)
    await lab.start(source)
    expect(await waitUntilCertified(lab, settled())).toBe(source)
    await nothingIsMissing(cluster())
  })
})

describe('two nodes with a third vote, and durability=strict', () => {
  const cluster = clusterUnderLoad({
    engine: 'mysql-9.7',
    nodes: 2,
    arbiter: true,
    parameters: ['durability=strict'],
  })

  test('the primary whose cable is cut is the one that is fenced, and the other takes its place', async () => {
    const { lab, load } = cluster()
    await waitUntilCertified(lab, settled())
    const outcome = await trial(lab, load, faultNamed('cut-source'))
    expect(outcome).toMatchObject({ lost: 0 })
    expect(outcome.after).not.toBe(outcome.before)
  })

  test('while the replica is away commits wait; when it is back, they go on', async () => {
    const { lab } = cluster()
    const source = await waitUntilCertified(lab, settled())
    const replica = await other(lab, source)
    const since = await takeAway(lab, replica)
    await delay(15_000)
    expect(await acknowledgedSince(cluster(), since)).toBe(0)
    await lab.heal(replica)
    expect(await waitUntilCertified(lab, settled())).toBe(source)
    await writesGoOn(cluster(), since)
    await nothingIsMissing(cluster())
  })
})
