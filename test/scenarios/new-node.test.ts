import { describe, expect, test } from 'vitest'
import { Deadline } from '../../lib/system/deadline.ts'
import { waitUntilCertified } from '../chaos/certified.ts'
import { runOn } from '../lab/damage.ts'
import { clusterWords } from '../lab/heir-cluster.ts'
import { heldRows } from '../lab/held-rows.ts'
import { judge } from '../lab/judge.ts'
import type { Lab } from '../lab/lab.ts'
import { type ClusterUnderLoad, clusterUnderLoad } from '../lab/under-load.ts'

const DATA = '/var/lib/mysql'
const settled = () => Deadline.in(180_000)

/** What makes a machine with the packages on it one that the resource may run on: as the manual has it, step by step. */
async function prepare(lab: Lab, node: string): Promise<void> {
  await runOn(lab, node, ['find', DATA, '-mindepth', '1', '-delete'])
  const settings = ['--engine', lab.engine.flavour, '--format', 'my.cnf', '--node', node]
  const printed = await runOn(lab, node, ['heir', 'configure', ...clusterWords(lab.nodes), ...settings])
  await runOn(lab, node, ['sh', '-c', 'cat >/etc/mysql/heir.cnf'], { input: printed })
  const check = ['OCF_RESKEY_credentials=/etc/heir/credentials.cnf', 'OCF_CHECK_LEVEL=10', 'heir', 'validate-all']
  await runOn(lab, node, ['env', ...check])
}

/** The one command that gives it its data; the load goes on meanwhile. */
async function seed({ lab, load }: ClusterUnderLoad, node: string): Promise<void> {
  const said = await runOn(lab, node, ['heir', 'seed'], { deadline: settled() })
  expect(said).toMatch(/is a replica again/)
  await waitUntilCertified(lab, settled())
  const attempts = await load.attempts()
  const isThere = async () => {
    const verdicts = judge(attempts, await heldRows(lab, [node]))
    return verdicts.every(({ missing }) => missing.length === 0) || undefined
  }
  await lab.waitFor(`every acknowledged write on ${node}`, isThere, settled())
}

/** From a node that is there: the other one may have no power. */
const standby = (lab: Lab, by: string, node: string, value: 'on' | 'off') =>
  runOn(lab, by, ['crm_standby', '--node', node, '--update', value])

describe.each(['mariadb-10.11', 'mysql-9.7'] as const)('%s', engine => {
  const cluster = clusterUnderLoad({ engine, nodes: 4, instances: 3 })

  test('a bare machine becomes a replica that serves', async () => {
    const { lab } = cluster()
    await standby(lab, 'node1', 'node4', 'on')
    await prepare(lab, 'node4')
    await runOn(lab, 'node1', ['heir', 'configure', ...clusterWords(lab.nodes), '--apply'])
    await standby(lab, 'node1', 'node4', 'off')
    await seed(cluster(), 'node4')
    const question = ['--node', 'node4', '--lifetime', 'reboot', '--name', 'readable', '--query', '--quiet']
    const mark = async () => (await lab.exec('node4', ['crm_attribute', ...question])).stdout.trim()
    await lab.waitFor('readers for node4', async () => (await mark()) === '1' || undefined, settled())
  })

  test('a new machine takes the place of a dead one', async () => {
    const { lab } = cluster()
    const source = await waitUntilCertified(lab, settled())
    const node = lab.nodes.find(name => name !== source) ?? expect.fail('there is no replica')
    const since = Date.now()
    await lab.off(node)
    await standby(lab, source, node, 'on')
    const isFenced = async () =>
      (await lab.powerLog()).some(({ action, machine, at }) => action === 'reboot' && machine === node && at >= since)
    await lab.waitFor(`${node} fenced`, async () => (await isFenced()) || undefined, settled())
    await lab.waitUntilOnline([node], settled())
    await prepare(lab, node)
    await standby(lab, source, node, 'off')
    await seed(cluster(), node)
  })
})
