import { setTimeout as delay } from 'node:timers/promises'
import { FAULTS } from '../lab/faults.ts'
import type { Lab } from '../lab/lab.ts'
import { nodeAddress } from '../lab/network-plan.ts'
import { type BenchAgent, onCluster } from './agents.ts'

/** Something that every agent can be put through. */
export interface BenchFault {
  /** On the command line. */
  readonly name: string
  readonly title: string
  readonly happen: (lab: Lab, source: string, agent: BenchAgent) => Promise<void>
  /** What its cause or its operator takes back once another node is the source. Default: nothing. */
  readonly after?: (lab: Lab, source: string, agent: BenchAgent) => Promise<void>
}

/** Clients still get through while replication does not, and then the power goes. */
const droppedReplication = (seconds: number): BenchFault => ({
  name: `dropped-${seconds}s`,
  title: `replication dropped for ${seconds} s, then power off`,
  happen: async (lab, source) => {
    await dropReplication(lab, source)
    await delay(seconds * 1000)
    await lab.off(source)
  },
})

/** Answers of the source's server to the other nodes are thrown away. */
async function dropReplication(lab: Lab, source: string): Promise<void> {
  const nodes = lab.nodes.map(nodeAddress).join(', ')
  const rule = `ip daddr { ${nodes} } tcp sport 3306 drop`
  const table = `table inet bench { chain out { type filter hook output priority 0; ${rule}; } }`
  await onCluster(lab, source, ['nft', table])
}

/** In the order of the table. */
export const BENCH_FAULTS: readonly BenchFault[] = [
  { name: 'kill', title: "kill -9 of the primary's server", happen: FAULTS.kill.happen },
  { name: 'off', title: 'power off of the primary', happen: FAULTS.off.happen },
  {
    name: 'cut',
    title: 'cable of the primary cut, fenced',
    happen: (lab, source) => lab.cut(source),
    after: (lab, source) => lab.heal(source),
  },
  {
    name: 'standby',
    title: 'primary put into standby',
    happen: (lab, source) => onCluster(lab, source, standby(source, 'on')),
    after: (lab, source) => onCluster(lab, source, standby(source, 'off')),
  },
  {
    name: 'handover',
    title: 'hand-over by plan',
    happen: (lab, source, agent) => agent.handOver(lab, source),
    after: (lab, source, agent) => agent.afterHandOver(lab, source),
  },
  droppedReplication(3),
  droppedReplication(15),
]

const standby = (node: string, update: 'on' | 'off') => ['crm_standby', '--node', node, '--update', update]
