import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { switchOver } from '../lab/damage.ts'
import { ENGINES, type EngineName } from '../lab/engines.ts'
import { RESOURCE, upWithHeir } from '../lab/heir-cluster.ts'
import type { Lab } from '../lab/lab.ts'
import { type HeartbeatAgent, upWithHeartbeat } from './heartbeat-cluster.ts'

/** An agent that runs a cluster of the bench. */
export interface BenchAgent {
  readonly name: string
  /** How its source waits for acknowledgements, as its own documentation has it. */
  readonly semiSync: string
  readonly runs: (engine: EngineName) => boolean
  readonly up: (engine: EngineName, progress: (line: string) => void) => Promise<Lab>
  /** Its own way to make another node the source by plan, and what has to be done when that is over. */
  readonly handOver: (lab: Lab, source: string) => Promise<void>
  readonly afterHandOver: (lab: Lab, source: string) => Promise<void>
}

/** A lab of the bench has its own name beside those of tests. */
const name = 'bench'

const heartbeat = (agent: HeartbeatAgent, semiSync: string, runs: BenchAgent['runs']): BenchAgent => ({
  name: `heartbeat:${agent}`,
  semiSync,
  runs,
  up: (engine, progress) => upWithHeartbeat({ agent, engine, name, progress }),
  handOver: async (lab, source) => {
    const target = lab.nodes.find(node => node !== source) ?? source
    await onCluster(lab, target, ['crm_resource', '--move', '--promoted', '--resource', CLONE, '--node', target])
  },
  afterHandOver: async (lab, source) => onCluster(lab, source, ['crm_resource', '--clear', '--resource', CLONE]),
})

const CLONE = `${RESOURCE}-clone`

/** In the order of the table. */
export const AGENTS: readonly BenchAgent[] = [
  {
    name: 'heir:mysql',
    semiSync: 'one replica, without a time limit',
    runs: () => true,
    up: (engine, progress) => upWithHeir({ engine, name, progress }),
    handOver: (lab, source) => switchOver(lab, lab.nodes.find(node => node !== source) ?? source),
    afterHandOver: async () => {},
  },
  heartbeat('mariadb', 'one replica, 10 s, then none; set at start', engine => ENGINES[engine].flavour === 'mariadb'),
  heartbeat('mysql', 'none', () => true),
]

/** Run a command of the cluster on a node. */
export async function onCluster(lab: Lab, node: string, argv: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await lab.exec(node, argv, { deadline: Deadline.in(60_000) })
  if (exitCode !== 0) throw new Failure('rejected', `${node}: ${argv.join(' ')}: ${stderr}`)
}
