import { ATTRIBUTES } from '../../cib/attributes.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { RESOURCE } from '../lab/heir-cluster.ts'
import { judge, longestGap } from '../lab/judge.ts'
import type { Lab } from '../lab/lab.ts'
import type { WriteLoad } from '../lab/write-load.ts'
import type { Attempt } from '../lab/write-record.ts'
import { runChecks } from './checks.ts'
import { type Facts, isReadable, type NodeFacts, type Unreadable } from './facts.ts'
import { observeLogs } from './observe-logs.ts'
import { earlierRows, executedText, observeNode, quarantineOf } from './observe-node.ts'
import type { CheckResult, Expectations, FaultOutcome } from './types.ts'

/** What the cluster was like before a load began. */
export interface Baseline {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly epoch: number
  /** Rows of earlier loads. */
  readonly rows: number
}

/** A fault that has happened under a load, with what came of it until the cluster was healthy or was given up. */
export interface Trial {
  readonly lab: Lab
  readonly load: WriteLoad
  readonly baseline: Baseline
  readonly at: number
  /** The sources; empty where there was none. */
  readonly before: string
  readonly after: string
  /** Null where the cluster did not become healthy in time. */
  readonly healthyMs: number | null
  readonly expects: Expectations
}

/** What looking at the cluster adds to the outcome of a fault. */
export type Findings = Pick<FaultOutcome, 'gapMs' | 'lost' | 'unacknowledged' | 'fenced' | 'checks'>

/** The replicas of a source that nobody writes to any more have caught up with it after this time, or never. */
const CATCHING_UP_MS = 60_000
/** The cluster forgets a failed action some 15 s after it, at its next look. */
const FORGETTING_MS = 45_000

/** Remember what the cluster is like. Nobody may write, and the cluster must be healthy. */
export async function takeBaseline(lab: Lab, source: string): Promise<Baseline> {
  const [[rows] = []] = await lab.sql(source, earlierRows(''))
  return { at: Date.now(), epoch: await epoch(lab, source), rows: Number(rows) }
}

/** End the load, let the replicas catch up, and hold everything that can be seen to what is expected. Sees what it can, and says what it cannot. */
export async function inspect(trial: Trial): Promise<Findings> {
  const attempts = await trial.load.stop()
  const fenced = (await trial.lab.powerLog()).filter(({ at, action, answer }) => {
    return at >= trial.baseline.at && action === 'reboot' && answer === 'ok'
  })
  const machines = fenced.map(({ machine }) => machine)
  const gap = longestGap(attempts, trial.at, Number.POSITIVE_INFINITY)
  const gapMs = gap?.over === true ? gap.end - gap.begin : null
  try {
    const facts = await gatherFacts(trial, attempts, machines)
    return { gapMs, ...losses(facts), fenced: machines, checks: runChecks(facts) }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { gapMs, lost: null, unacknowledged: null, fenced: machines, checks: [blind(error)] }
  }
}

function blind(error: Failure): CheckResult {
  return { name: 'the cluster can be looked at', ok: false, detail: `nothing else was checked: ${error.message}` }
}

function losses({ attempts, nodes, after }: Facts): Pick<Findings, 'lost' | 'unacknowledged'> {
  const source = nodes.filter(isReadable).find(({ node }) => node === after)
  const [verdict] = source === undefined ? [] : judge(attempts, new Map([[after, source.rows]]))
  return { lost: verdict?.missing.length ?? null, unacknowledged: verdict?.unacknowledged.length ?? null }
}

async function gatherFacts(trial: Trial, attempts: readonly Attempt[], fenced: readonly string[]): Promise<Facts> {
  const { lab, baseline, after } = trial
  const run = attempts[0]?.id.split('.')[0] ?? ''
  const [failedActions] = await Promise.all([lastingFailures(lab), catchUp(lab, after)])
  const [nodes, runs, epochNow] = await Promise.all([
    Promise.all(lab.nodes.map(node => look(lab, node, run))),
    observeLogs(lab, baseline.at),
    epoch(lab, after || (lab.nodes[0] ?? '')),
  ])
  const { before, healthyMs, expects } = trial
  return {
    ...{ flavour: lab.engine.flavour, before, after, healthyMs, expects, attempts, nodes, runs, fenced, failedActions },
    earlierRows: baseline.rows,
    promotions: epochNow - baseline.epoch,
  }
}

async function look(lab: Lab, node: string, run: string): Promise<NodeFacts | Unreadable> {
  return await observeNode(lab, node, run).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error
    return { node, unreadable: error.message }
  })
}

/** What replicas executed in the end is for the checks to judge: here nobody is blamed for being late. */
async function catchUp(lab: Lab, source: string): Promise<void> {
  await Deadline.in(CATCHING_UP_MS).poll(500, async () => {
    const texts = await Promise.all(lab.nodes.map(node => executedUnlessQuarantined(lab, node)))
    const wanted = texts[lab.nodes.indexOf(source)]
    return texts.every(text => text === wanted || text === undefined) || undefined
  })
}

async function executedUnlessQuarantined(lab: Lab, node: string): Promise<string | undefined> {
  try {
    return (await quarantineOf(lab, node)) === undefined ? await executedText(lab, node) : undefined
  } catch (error) {
    if (error instanceof Failure) return `not to be read: ${error.message}`
    throw error
  }
}

/** The failed actions that the cluster does not forget. */
async function lastingFailures(lab: Lab): Promise<readonly string[]> {
  let failures: readonly string[] = ['no node says what the cluster is like']
  await Deadline.in(FORGETTING_MS).poll(500, async () => {
    failures = (await lab.cluster())?.failedActions ?? failures
    return failures.length === 0 || undefined
  })
  return failures
}

/** Grows by one with every promotion. */
async function epoch(lab: Lab, node: string): Promise<number> {
  const name = ATTRIBUTES.sourceRecord(RESOURCE)
  const query = ['crm_attribute', '--type', 'crm_config', '--name', name, '--query', '--quiet']
  const { stdout, stderr } = await lab.exec(node, query)
  const [, epoch] = /^epoch=(\d+) /.exec(stdout) ?? []
  if (epoch === undefined) throw new Failure('rejected', `${node}: no source record: ${stdout} ${stderr}`)
  return Number(epoch)
}
