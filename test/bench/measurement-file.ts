import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Measurement } from '../../packaging/measurement.ts'
import { DIST } from '../../packaging/products.ts'
import { readVersions } from '../chaos/versions.ts'
import { runOn } from '../lab/damage.ts'
import type { EngineName } from '../lab/engines.ts'
import type { Lab } from '../lab/lab.ts'

/** What a bench has found so far, in a file below dist/ that the next run of the bench writes anew. */
export class MeasurementFile<Run> {
  readonly #path: string
  readonly #engine: EngineName
  #runs: readonly Run[] = []

  constructor(bench: string, engine: EngineName) {
    this.#path = join(DIST, `bench-${bench}-${engine}.json`)
    this.#engine = engine
  }

  get runs(): readonly Run[] {
    return this.#runs
  }

  /** Keep the runs of an earlier bench that this one does not measure again. */
  async keepEarlier(isKept: (run: Run) => boolean): Promise<void> {
    const text = await readFile(this.#path, 'utf8').catch(() => undefined)
    if (text === undefined) return
    const earlier: Measurement<Run> = JSON.parse(text)
    this.#runs = earlier.runs.filter(isKept)
  }

  /** Add a run that took place on this cluster. */
  async add(run: Run, lab: Lab): Promise<void> {
    this.#runs = [...this.#runs, run]
    const measurement: Measurement<Run> = {
      date: new Date().toISOString().slice(0, 10),
      engine: this.#engine,
      versions: await versionsOf(lab),
      runs: this.#runs,
    }
    await mkdir(DIST, { recursive: true })
    await writeFile(this.#path, `${JSON.stringify(measurement, undefined, 1)}\n`)
  }
}

async function versionsOf(lab: Lab): Promise<Record<string, string>> {
  const status = await lab.cluster()
  const node = status?.online[0] ?? ''
  const agents = await runOn(lab, node, ['dpkg-query', '--status', 'resource-agents'])
  const [, version = ''] = /^Version: (?:\d+:)?([\d.]+)/m.exec(agents) ?? []
  return { ...(await readVersions(lab, node)), 'resource-agents': version }
}
