import { Deadline } from '../../lib/system/deadline.ts'
import { makePackage } from '../../packaging/rpm.ts'
import { runOn } from '../lab/damage.ts'
import type { EngineName } from '../lab/engines.ts'
import { RESOURCE, upWithHeir, waitUntilHealthy } from '../lab/heir-cluster.ts'
import { measure } from './measure.ts'
import { subjectsOn } from './subjects.ts'
import { table } from './table.ts'

/** Measure monitor in each role, and meta-data, beside the agents of today, on the servers of one cluster. */
export async function benchMonitor(engine: EngineName, rounds: number): Promise<void> {
  await makePackage()
  await using lab = await upWithHeir({ engine, progress: console.log })
  const source = await waitUntilHealthy(lab, Deadline.in(60_000))
  const [replica = '', stopped = ''] = lab.nodes.filter(node => node !== source)
  // Without its own monitors the cluster leaves the machine to those that are measured.
  await runOn(lab, source, ['crm_attribute', '--name', 'maintenance-mode', '--update', 'true'])
  await runOn(lab, stopped, ['crm_resource', '--resource', RESOURCE, '--force-stop'])

  console.log(`\n${engine}, medians of ${rounds} rounds; in brackets, how many times the first row's`)
  const places = [
    { title: 'monitor of the source', node: source, action: 'monitor' },
    { title: 'monitor of a replica', node: replica, action: 'monitor' },
    { title: 'monitor of a stopped server', node: stopped, action: 'monitor' },
    { title: 'meta-data', node: source, action: 'meta-data' },
  ]
  for (const { title, node, action } of places) {
    const costs = await measure(lab, node, action, subjectsOn(node, lab), rounds)
    console.log(`\n${title}\n${table(costs)}`)
  }
}
