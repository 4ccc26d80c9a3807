import { Deadline } from '../../lib/system/deadline.ts'
import { otherSource } from '../chaos/other-source.ts'
import { runOn, switchOver } from '../lab/damage.ts'
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
  /** Make another node the source by plan, in its own way. */
  readonly handOver: (lab: Lab, source: string, target: string) => Promise<void>
}

/** A lab of the bench has its own name beside those of tests. */
const name = 'bench'

/** In the order of the table. */
export const AGENTS: readonly BenchAgent[] = [
  {
    name: 'heir:mysql',
    semiSync: 'one replica, without a time limit',
    runs: () => true,
    up: (engine, progress) => upWithHeir({ engine, name, progress }),
    handOver: (lab, _source, target) => switchOver(lab, target),
  },
  heartbeat('mariadb', 'one replica, for 10 s', engine => ENGINES[engine].flavour === 'mariadb'),
  heartbeat('mysql', 'none', () => true),
]

function heartbeat(agent: HeartbeatAgent, semiSync: string, runs: BenchAgent['runs']): BenchAgent {
  return {
    name: `heartbeat:${agent}`,
    semiSync,
    runs,
    up: (engine, progress) => upWithHeartbeat({ agent, engine, name, progress }),
    handOver: moveRole,
  }
}

/** Without a command of its own, an agent's role is moved by a constraint, which is taken back when it has moved. */
async function moveRole(lab: Lab, source: string, target: string): Promise<void> {
  const clone = ['--resource', `${RESOURCE}-clone`]
  await runOn(lab, target, ['crm_resource', '--move', '--promoted', ...clone, '--node', target])
  try {
    await otherSource(lab, source, Deadline.in(60_000))
  } finally {
    await runOn(lab, target, ['crm_resource', '--clear', ...clone])
  }
}
