import { Failure } from '../../lib/system/failure.ts'
import type { GapRun } from '../../packaging/measurement.ts'
import { makePackage } from '../../packaging/rpm.ts'
import { faultNamed } from '../chaos/faults.ts'
import { runOn } from '../lab/damage.ts'
import type { EngineName } from '../lab/engines.ts'
import { RESOURCE, upWithHeir } from '../lab/heir-cluster.ts'
import { gapRun } from './gap-run.ts'
import { gapTable } from './gap-table.ts'
import { MeasurementFile } from './measurement-file.ts'

const FAULTS = ['kill-source', 'switchover']

/** Say of a write gap what it is spent on, for a failure and for a hand-over by plan. */
export async function benchGap(engine: EngineName, rounds: number): Promise<void> {
  await makePackage()
  await using lab = await upWithHeir({ engine, name: 'bench', progress: console.log })
  const trace = ['crm_resource', '--resource', RESOURCE, '--set-parameter', 'trace_ra', '--parameter-value', '1']
  await runOn(lab, lab.nodes[0] ?? '', trace)
  const found = new MeasurementFile<GapRun>('gap', engine)
  await found.noteVersions(lab)
  for (let round = 1; round <= rounds; round++) {
    for (const fault of FAULTS.map(faultNamed)) {
      const run = await gapRun(lab, fault).catch(toWords)
      if (typeof run !== 'string') await found.add(run)
      console.log(typeof run === 'string' ? run : `${fault.name}: ${run.gapMs} ms, the agent ${run.shareMs} ms`)
    }
  }
  console.log(`\n${engine}, medians of ${rounds} runs\n\n${gapTable(found.runs, FAULTS)}`)
}

/** A run that is not as it should be is told and left out. */
function toWords(error: unknown): string {
  if (error instanceof Failure) return `left out: ${error.message}`
  throw error
}
