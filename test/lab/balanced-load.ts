import { join } from 'node:path'
import { Deadline } from '../../lib/system/deadline.ts'
import type { BalancedPair } from './balanced-pair.ts'
import { evenRows } from './held-rows.ts'
import { judge, longestGap } from './judge.ts'
import { WriteLoad } from './write-load.ts'
import type { Attempt } from './write-record.ts'

const PATIENCE_MS = 120_000

/** Writers that go through the balancers of a pair, time and again, and all that they were told. */
export class BalancedLoad {
  readonly #pair: BalancedPair
  readonly #directory: string
  readonly #all: Attempt[] = []

  /** `directory` gets the records. */
  constructor(pair: BalancedPair, directory: string) {
    this.#pair = pair
    this.#directory = directory
  }

  /**
   * New writers, who get both servers; then something is done, after which servers go on: these. Answers the errors since then, and
   * says how long nobody wrote. Throws Failure `timed-out` where it does not come to that.
   */
  async during(name: string, work: () => Promise<void>, thenOn: readonly string[]): Promise<readonly Attempt[]> {
    await this.#pair.settled()
    const record = join(this.#directory, name)
    const load = await WriteLoad.start(this.#pair.lab, { record, rate: 80, writers: 8 })
    try {
      await this.#waitForWrites(load, this.#pair.lab.nodes, Date.now())
      const since = Date.now()
      await work()
      await this.#waitForWrites(load, thenOn, since)
      const attempts = await load.stop()
      report(name, attempts, since)
      return attempts.filter(({ error, end }) => error !== undefined && end > since)
    } finally {
      this.#all.push(...(await load.stop()))
    }
  }

  async #waitForWrites(load: WriteLoad, nodes: readonly string[], since: number): Promise<void> {
    const wrote = async () => {
      const acknowledged = (await load.attempts()).filter(({ error, begin }) => error === undefined && begin > since)
      return nodes.every(node => acknowledged.filter(({ server }) => server === node).length > 50) || undefined
    }
    await this.#pair.lab.waitFor(`writes on ${nodes.join(' and ')}`, wrote, Deadline.in(PATIENCE_MS))
  }

  /** What is wrong with what each server holds in the end, when both hold as much. */
  async losses() {
    const held = await evenRows(this.#pair.lab)
    return judge(this.#all, held).map(({ missing, torn, foreign }) => ({ missing, torn, foreign }))
  }
}

function report(name: string, attempts: readonly Attempt[], since: number): void {
  const gap = longestGap(attempts, since, Number.POSITIVE_INFINITY)
  const errors = attempts.filter(({ error, end }) => error !== undefined && end > since)
  const kinds = Object.entries(Object.groupBy(errors, ({ error = '' }) => error))
  const list = kinds.map(([error, same = []]) => `${same.length} ${error}`).join('; ')
  const times = `${(gap?.end ?? 0) - (gap?.begin ?? 0)} ms without a write, errors until ${(errors.at(-1)?.end ?? since) - since} ms`
  console.log(`${name}: ${times}: ${list || 'none'}`)
}
