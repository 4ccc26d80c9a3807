import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { FailoverRun } from '../../packaging/measurement.ts'
import { DIST } from '../../packaging/products.ts'
import { makePackage } from '../../packaging/rpm.ts'
import { faultNamed } from '../chaos/faults.ts'
import { keepLogs } from '../chaos/keep-logs.ts'
import type { Fault } from '../chaos/types.ts'
import type { EngineName } from '../lab/engines.ts'
import type { Lab } from '../lab/lab.ts'
import { AGENTS, type BenchAgent } from './agents.ts'
import { failoverRun } from './failover-run.ts'
import { FAULTS_FOR_ALL, failoverTable } from './failover-table.ts'
import { MeasurementFile } from './measurement-file.ts'

export interface FailoverBench {
  readonly engine: EngineName
  readonly rounds: number
  /** Names; empty for all. */
  readonly agents: readonly string[]
  readonly faults: readonly string[]
}

/** Put every agent through the same faults on clusters that are otherwise the same, and compare what clients saw. */
export async function benchFailover({ engine, rounds, ...chosen }: FailoverBench): Promise<void> {
  await makePackage()
  const isChosen = (names: readonly string[], name: string) => names.length === 0 || names.includes(name)
  const faults = FAULTS_FOR_ALL.filter(name => isChosen(chosen.faults, name)).map(faultNamed)
  const found = new MeasurementFile<FailoverRun>('failover', engine)
  await found.keepEarlier(run => !isChosen(chosen.agents, run.agent) || !isChosen(chosen.faults, run.fault))
  for (const agent of AGENTS.filter(({ name, runs }) => isChosen(chosen.agents, name) && runs(engine))) {
    const up = async () => {
      const lab = await agent.up(engine, console.log)
      await found.noteVersions(lab)
      return lab
    }
    await putThrough(agent, up, repeated(faults, rounds), run => found.add(run))
  }
  console.log(`\n${engine}, ${rounds} runs of each fault\n${failoverTable(found.runs)}`)
}

const repeated = <T>(things: readonly T[], times: number) => things.flatMap(thing => new Array<T>(times).fill(thing))

/** One cluster goes through successive faults, and makes room for a new one when it has not come out of one as it went in. */
async function putThrough(
  agent: BenchAgent,
  up: () => Promise<Lab>,
  faults: readonly Fault[],
  done: (run: FailoverRun) => Promise<void>,
): Promise<void> {
  let lab: Lab | undefined
  try {
    for (const fault of faults) {
      lab ??= await up()
      const run = await failoverRun(lab, agent, fault)
      console.log(described(run))
      await done(run)
      if (isAsBefore(run)) continue
      await keep(lab, run)
      await lab.down()
      lab = undefined
    }
  } finally {
    await lab?.down()
  }
}

/** Long enough for the whole run to be in the logs. */
const RUN_MS = 300_000

/** What the nodes know of a cluster that is not as it was: below dist/, one directory for each fault with each agent. */
async function keep(lab: Lab, { agent, fault }: FailoverRun): Promise<void> {
  const directory = join(DIST, 'bench-logs', `${lab.engine.name}-${agent.replace(':', '-')}-${fault}`)
  await mkdir(directory, { recursive: true })
  await keepLogs(lab, directory, Date.now() - RUN_MS)
}

const isAsBefore = ({ returned, differing, lost }: FailoverRun) => returned && differing.length === 0 && lost === 0

function described({
  agent,
  fault,
  before,
  after,
  gapMs,
  lost,
  acknowledged,
  returned,
  differing,
}: FailoverRun): string {
  const gap = gapMs === null ? 'writes did not come back' : `${(gapMs / 1000).toFixed(2)} s without a write`
  const home = returned ? 'all nodes back' : 'not all nodes back'
  const same = differing.length === 0 ? 'data identical' : `other data on ${differing.join(', ')}`
  return `${agent}, ${fault}: ${before} to ${after || 'nobody'}, ${gap}, ${lost ?? '?'} of ${acknowledged} lost, ${home}, ${same}`
}
