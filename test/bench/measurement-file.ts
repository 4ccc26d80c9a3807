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
  #versions: Readonly<Record<string, string>> = {}

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

  /** Note what runs on this cluster, while it is healthy. */
  async noteVersions(lab: Lab): Promise<void> {
    const node = (await lab.cluster())?.online[0] ?? ''
    const agents = await runOn(lab, node, ['dpkg-query', '--status', 'resource-agents'])
    const [, version = ''] = /^Version: (?:\d+:)?([\d.]+)/m.exec(agents) ?? []
    this.#versions = { ...(await readVersions(lab, node)), 'resource-agents': version }
  }

  async add(run: Run): Promise<void> {
    this.#runs = [...this.#runs, run]
    const measurement: Measurement<Run> = {
      date: new Date().toISOString().slice(0, 10),
      engine: this.#engine,
      versions: this.#versions,
      runs: this.#runs,
    }
    await mkdir(DIST, { recursive: true })
    await writeFile(this.#path, `${JSON.stringify(measurement, undefined, 1)}\n`)
  }
}
