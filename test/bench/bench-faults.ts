import { setTimeout as delay } from 'node:timers/promises'
import { dropReplication, setStandby, signalServer } from '../lab/damage.ts'
import type { Lab } from '../lab/lab.ts'
import type { BenchAgent } from './agents.ts'

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

/** In the order of the table. */
export const BENCH_FAULTS: readonly BenchFault[] = [
  {
    name: 'kill',
    title: "kill -9 of the primary's server",
    happen: (lab, source) => signalServer(lab, source, 'KILL'),
  },
  { name: 'off', title: 'power off of the primary', happen: (lab, source) => lab.off(source) },
  {
    name: 'cut',
    title: 'cable of the primary cut, fenced',
    happen: (lab, source) => lab.cut(source),
    after: (lab, source) => lab.heal(source),
  },
  {
    name: 'standby',
    title: 'primary put into standby',
    happen: (lab, source) => setStandby(lab, source, 'on'),
    after: (lab, source) => setStandby(lab, source, 'off'),
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
