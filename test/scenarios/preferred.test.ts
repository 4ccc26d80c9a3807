import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Deadline } from '../../lib/system/deadline.ts'
import { waitUntilCertified } from '../chaos/certified.ts'
import { signalServer } from '../lab/damage.ts'
import { healthySource, RESOURCE, waitUntilHealthy } from '../lab/heir-cluster.ts'
import { heldRows } from '../lab/held-rows.ts'
import { judge } from '../lab/judge.ts'
import type { Lab } from '../lab/lab.ts'
import { clusterUnderLoad } from '../lab/under-load.ts'

const PREFERRED = 'node1'
const FAILBACK_SECONDS = 20

const cluster = clusterUnderLoad({
  engine: 'mariadb-10.11',
  parameters: [`preferred_nodes=${PREFERRED}`, `failback_after=${FAILBACK_SECONDS}`],
})

/** Wait until the cluster is whole, and its source is, or is not, the preferred node. */
const sourceIs = (lab: Lab, isPreferred: boolean) =>
  lab.waitFor(
    `a source that is ${isPreferred ? '' : 'not '}${PREFERRED}`,
    async () => {
      const source = await healthySource(lab)
      return source !== undefined && (source === PREFERRED) === isPreferred ? source : undefined
    },
    Deadline.in(150_000),
  )

async function killPreferred(lab: Lab): Promise<void> {
  expect(await waitUntilCertified(lab, Deadline.in(120_000))).toBe(PREFERRED)
  await signalServer(lab, PREFERRED, 'KILL')
}

test('the preferred node is the source, is replaced when it dies, and takes its place back by itself', async () => {
  const { lab } = cluster()
  await sourceIs(lab, true)
  await killPreferred(lab)
  await sourceIs(lab, false)
  await sourceIs(lab, true)
})

test('without fail-back the other one stays the source', async () => {
  const { lab } = cluster()
  await lab.exec(PREFERRED, ['crm_resource', '--resource', RESOURCE, '--delete-parameter', 'failback_after'])
  await killPreferred(lab)
  const other = await sourceIs(lab, false)
  await delay(2 * FAILBACK_SECONDS * 1000)
  expect(await waitUntilHealthy(lab, Deadline.in(60_000))).toBe(other)
})

test('nothing that was acknowledged is lost on the way', async () => {
  const { lab, load } = cluster()
  const attempts = await load.stop()
  const source = await waitUntilHealthy(lab, Deadline.in(60_000))
  const [verdict] = judge(attempts, await heldRows(lab, [source]))
  expect(verdict).toMatchObject({ missing: [], foreign: [] })
})
