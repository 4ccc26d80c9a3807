import { setTimeout as delay } from 'node:timers/promises'
import { runOn, signalServer } from '../../lab/damage.ts'
import type { Lab } from '../../lab/lab.ts'
import type { Fault } from '../types.ts'

/** The cluster's own software and its operators. */
export const CLUSTER_FAULTS: readonly Fault[] = [
  {
    name: 'kill-corosync',
    title: 'kill -9 of corosync on the primary',
    happen: async ({ lab, source }) => {
      await runOn(lab, source, ['sh', '-c', 'kill -9 $(pgrep -x corosync)'])
      return { source: 'moves', fenced: [source] }
    },
  },
  {
    name: 'fencing-balks',
    title: 'power off of the primary; the fencing device fails twice before it works',
    happen: async ({ lab, source }) => {
      await lab.balkFencing(2)
      await lab.off(source)
      return { source: 'moves', fenced: [source] }
    },
  },
  {
    name: 'maintenance',
    title: 'maintenance mode for 15 s',
    happen: async ({ lab }) => {
      await setMaintenance(lab, 'true')
      await delay(15_000)
      await setMaintenance(lab, 'false')
      return { source: 'stays' }
    },
  },
  {
    name: 'maintenance-kill',
    title: "maintenance mode for 15 s, with a kill -9 of the primary's server in it",
    happen: async ({ lab, source }) => {
      await setMaintenance(lab, 'true')
      await delay(5000)
      await signalServer(lab, source, 'KILL')
      await delay(10_000)
      await setMaintenance(lab, 'false')
      return {}
    },
  },
]

async function setMaintenance(lab: Lab, value: 'true' | 'false'): Promise<void> {
  const [node = ''] = lab.nodes
  await runOn(lab, node, ['crm_attribute', '--type', 'crm_config', '--name', 'maintenance-mode', '--update', value])
}
