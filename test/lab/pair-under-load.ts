import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { Deadline } from '../../lib/system/deadline.ts'
import { explainFailures } from './explain-failures.ts'
import { type HeirPairOptions, upWithPair } from './heir-pair.ts'
import { isAcknowledged } from './judge.ts'
import type { Lab } from './lab.ts'
import { nodeAddress, WRITER_VIP } from './network-plan.ts'
import { WriteLoad } from './write-load.ts'
import type { Attempt } from './write-record.ts'

/** The place of the load that writes to the address. */
export const ADDRESS = 'address'

/** Two sources with writers at work at each and at their address, for all tests of a file. Taken down at their end. */
export class PairUnderLoad {
  readonly lab: Lab
  readonly #loads: ReadonlyMap<string, WriteLoad>

  constructor(lab: Lab, loads: ReadonlyMap<string, WriteLoad>) {
    this.lab = lab
    this.#loads = loads
  }

  other(node: string): string {
    return this.lab.nodes.find(one => one !== node) ?? ''
  }

  /** Wait until writes that began after that moment (milliseconds since 1970) were acknowledged at each of the places: nodes, or the address. */
  async waitForWrites(since: number, ...places: readonly string[]): Promise<void> {
    for (const place of places) {
      const probe = async () => {
        const attempts = (await this.#loads.get(place)?.attempts()) ?? []
        return attempts.some(attempt => isAcknowledged(attempt) && attempt.begin > since) || undefined
      }
      await this.lab.waitFor(`writes at ${place}`, probe, Deadline.in(150_000))
    }
  }

  /** Let all writers end; answers everything that they tried. */
  async stop(): Promise<Attempt[]> {
    return (await Promise.all([...this.#loads.values()].map(load => load.stop()))).flat()
  }
}

export interface PairUnderLoadOptions extends HeirPairOptions {
  /** Transactions per second at each place. */
  readonly rate: number
  /** Statements that are executed at the first node before anything is written. */
  readonly before: string
}

/** Bring the pair up before the first test; answers how a test gets at it. */
export function pairUnderLoad({ rate, before, ...options }: PairUnderLoadOptions): () => PairUnderLoad {
  let directory = ''
  let pair: PairUnderLoad | undefined
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'heir-pair-'))
    const lab = await upWithPair(options)
    await lab.sql(lab.nodes[0] ?? '', before)
    const hosts = [...lab.nodes.map(node => [node, nodeAddress(node)] as const), [ADDRESS, WRITER_VIP] as const]
    const loads = hosts.map(async ([place, host]) => {
      const load = await WriteLoad.start(lab, { record: join(directory, place), host, rate, seconds: 1800 })
      return [place, load] as const
    })
    pair = new PairUnderLoad(lab, new Map(await Promise.all(loads)))
  })
  afterAll(async () => {
    await pair?.stop()
    await pair?.lab.down()
    await rm(directory, { recursive: true })
  })
  return () => {
    if (pair === undefined) throw new Error('the pair is not up')
    explainFailures(pair.lab)
    return pair
  }
}
