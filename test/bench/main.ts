import { parseArgs } from 'node:util'
import { Deadline } from '../../lib/system/deadline.ts'
import { makePackage } from '../../packaging/rpm.ts'
import { ENGINE_NAMES, type EngineName } from '../lab/engines.ts'
import { RESOURCE, upWithHeir, waitUntilHealthy } from '../lab/heir-cluster.ts'
import type { Lab } from '../lab/lab.ts'
import { measure } from './measure.ts'
import { subjectsOn } from './subjects.ts'
import { table } from './table.ts'

const USAGE = `npm run bench -- monitor [--engine ${ENGINE_NAMES.join('|')}] [--rounds N]`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { engine: { type: 'string', default: 'mariadb-10.11' }, rounds: { type: 'string', default: '30' } },
})
const isEngine = (name: string): name is EngineName => ENGINE_NAMES.some(known => known === name)
const rounds = Number(values.rounds)
if (positionals.join() !== 'monitor' || !isEngine(values.engine) || !(rounds > 0)) {
  console.error(`usage: ${USAGE}`)
  process.exit(2)
}
await benchMonitor(values.engine, rounds)

/** Measure monitor in each role, and meta-data, beside the agents of today, on the servers of one cluster. */
async function benchMonitor(engine: EngineName, rounds: number): Promise<void> {
  await makePackage()
  await using lab = await upWithHeir({ engine, progress: console.log })
  const source = await waitUntilHealthy(lab, Deadline.in(60_000))
  const [replica = '', stopped = ''] = lab.nodes.filter(node => node !== source)
  // Without its own monitors the cluster leaves the machine to those that are measured.
  await succeed(lab, source, ['crm_attribute', '--name', 'maintenance-mode', '--update', 'true'])
  await succeed(lab, stopped, ['crm_resource', '--resource', RESOURCE, '--force-stop'])

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

async function succeed(lab: Lab, node: string, argv: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await lab.exec(node, argv)
  if (exitCode !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`)
}
