import type { EngineName } from '../lab/engines.ts'
import { upWithHeir } from '../lab/heir-cluster.ts'
import type { Lab } from '../lab/lab.ts'
import type { FaultNeeds } from './types.ts'
import { readVersions, type Versions } from './versions.ts'

export interface ChaosClusterOptions {
  readonly engine: EngineName
  readonly name: string | undefined
  /** What every cluster is made of at least. */
  readonly needs: FaultNeeds
  /** Parameters of the resource, each as `name=value`. */
  readonly parameters?: readonly string[] | undefined
  readonly progress: (line: string) => void
}

/** A cluster for successive faults: brought up when it is needed, and anew when it is spoilt or made of the wrong things. */
export class ChaosCluster implements AsyncDisposable {
  readonly #options: ChaosClusterOptions
  #versions: Versions | undefined
  #current: { readonly lab: Lab; readonly made: Required<FaultNeeds> } | undefined

  constructor(options: ChaosClusterOptions) {
    this.#options = options
  }

  get engine(): EngineName {
    return this.#options.engine
  }

  /** What the last cluster was made with; undefined where none came up yet. */
  get versions(): Versions | undefined {
    return this.#versions
  }

  /** A healthy cluster that is made of what is needed. Throws Failure when none comes up. */
  async fit(needs: FaultNeeds, whenUnhealthy: (lab: Lab) => Promise<void>): Promise<Lab> {
    const { engine, name, needs: always, parameters = [], progress } = this.#options
    const made = { ...DEFAULT, ...always, ...needs }
    if (this.#current !== undefined && isMadeOf(this.#current.made, made)) return this.#current.lab
    await this.spoil()
    const lab = await upWithHeir({
      engine,
      format: 'crm',
      parameters,
      ...(name === undefined ? {} : { name }),
      ...made,
      progress,
      whenUnhealthy,
    })
    this.#current = { lab, made }
    this.#versions = await readVersions(lab, lab.nodes[0] ?? '')
    return lab
  }

  /** Take the cluster down: the next fault gets another one. */
  async spoil(): Promise<void> {
    const lab = this.#current?.lab
    this.#current = undefined
    await lab?.down()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.spoil()
  }
}

const DEFAULT: Required<FaultNeeds> = { nodes: 3, dataDisk: false }

/** A disk of its own does no harm to a fault that needs none. */
const isMadeOf = (made: Required<FaultNeeds>, wanted: Required<FaultNeeds>) =>
  made.nodes === wanted.nodes && (made.dataDisk || !wanted.dataDisk)
