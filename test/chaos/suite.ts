import { appendFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../../lib/system/failure.ts'
import type { EngineName } from '../lab/engines.ts'
import { ChaosCluster } from './chaos-cluster.ts'
import { nameOfRun, type RunKind, saveEngineRun } from './engine-run.ts'
import { keepLogs } from './keep-logs.ts'
import { row } from './row.ts'
import { seeded } from './seeded.ts'
import type { Fault, FaultNeeds, FaultOutcome } from './types.ts'

export interface SuiteOptions {
  readonly kind: RunKind
  /** The faults in their order; may be without end. */
  readonly faults: Iterable<Fault>
  /** What every cluster is made of, so that one can serve for all of them. */
  readonly needs: FaultNeeds
  /** Rows of an earlier run, which become part of this one; a fault that happens again takes the place of its row. Default: none. */
  readonly kept?: readonly FaultOutcome[]
  /** Every choice depends on it and on nothing else. */
  readonly seed: string
  /** Gets the outcomes, the log, and a directory for each row. */
  readonly directory: string
  /** The lab's name. Default: one of this process. */
  readonly name: string | undefined
  readonly progress: (line: string) => void
}

/**
 * Put clusters of one engine through faults, a row each. One cluster serves as long as it comes out of each fault as it went in: a bad row
 * does not spoil the next one. The log has the seed and every choice.
 */
export async function runSuite(options: SuiteOptions): Promise<FaultOutcome[]> {
  const { kind, faults, kept = [], seed, directory, progress } = options
  const { engine } = kind
  const at = kept[0]?.at ?? Date.now()
  await mkdir(directory, { recursive: true })
  const say = (line: string) => {
    appendFileSync(join(directory, `${nameOfRun(kind)}.log`), `${new Date().toISOString()} ${line}\n`)
    progress(line)
  }
  say(`${nameOfRun(kind)}, seed ${seed}`)
  await using cluster = new ChaosCluster({ ...options, ...kind, progress: say })
  let outcomes = [...kept]
  for (const fault of faults) {
    if (fault.engines !== undefined && !fault.engines.includes(engine)) continue
    const number = outcomes.length + 1
    const rowDirectory = join(directory, 'rows', `${nameOfRun(kind)}-${String(number).padStart(3, '0')}-${fault.name}`)
    await rm(rowDirectory, { recursive: true, force: true })
    await mkdir(rowDirectory, { recursive: true })
    say(`${number}. ${fault.name}: ${fault.title}`)
    const outcome = await oneRow(cluster, fault, rowDirectory, seeded(`${seed}:${number}:${fault.name}`), say)
    if (outcome.log === '') await rm(rowDirectory, { recursive: true })
    if (outcome.log !== '' || fault.leavesQuarantine) await cluster.spoil()
    outcomes = [...outcomes.filter(row => !(kept.includes(row) && row.fault === fault.name)), outcome]
    await saveEngineRun(directory, { ...kind, at, seed, versions: cluster.versions, outcomes })
    for (const line of describe(outcome)) say(line)
  }
  return outcomes
}

async function oneRow(
  cluster: ChaosCluster,
  fault: Fault,
  directory: string,
  random: () => number,
  say: (line: string) => void,
): Promise<FaultOutcome> {
  try {
    const begin = Date.now()
    const lab = await cluster.fit(fault.needs ?? {}, lab => keepLogs(lab, directory, begin))
    return await row(lab, fault, directory, { random, note: line => say(`   ${line}`) })
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { ...NOTHING_SEEN, ...nameOf(fault, cluster.engine), checks: [broken(error)], log: directory }
  }
}

const NOTHING_SEEN = {
  at: 0,
  before: '',
  after: '',
  gapMs: null,
  lost: null,
  unacknowledged: null,
  healthyMs: null,
  fenced: [],
} as const

const nameOf = ({ name, title }: Fault, engine: EngineName) => ({ fault: name, title, engine })

const broken = ({ message }: Failure) => ({ name: 'the row could be run', ok: false, detail: message })

function describe(outcome: FaultOutcome): string[] {
  const { fault, before, after, gapMs, lost, healthyMs, fenced, checks, log } = outcome
  const failed = checks.filter(({ ok }) => !ok)
  const seconds = (ms: number | null) => (ms === null ? 'never' : `${(ms / 1000).toFixed(1)} s`)
  const figures = [
    `${before} to ${after || 'nobody'}`,
    `gap ${seconds(gapMs)}`,
    `lost ${lost ?? 'unknown'}`,
    `healthy ${seconds(healthyMs)}`,
    `fenced ${fenced.join(' ') || 'nobody'}`,
  ]
  return [
    `   ${failed.length === 0 ? 'green' : 'RED'}  ${fault}: ${figures.join(', ')}`,
    ...failed.map(({ name, detail }) => `   RED  ${name}: ${detail}`),
    ...(log === '' ? [] : [`   see ${log}`]),
  ]
}
