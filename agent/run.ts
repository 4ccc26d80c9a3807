import { Failure } from '../lib/system/failure.ts'
import { exitOf, isDegraded } from './degraded-exit.ts'
import { type ExitCode, OCF } from './exit-code.ts'
import { nextPatience } from './failback.ts'
import type { Fitness } from './fitness.ts'
import { fitness } from './fitness.ts'
import { observe } from './observe.ts'
import { noteLag } from './observe-readers.ts'
import type { Plan } from './plan.ts'
import { type News, publish, publishChange } from './publish.ts'
import type { Session } from './session.ts'
import type { InstanceState, Situation } from './situation.ts'
import { type Deed, decide } from './transitions.ts'

/** How an action ended, for Pacemaker and for the operator. */
export interface Outcome {
  readonly exit: ExitCode
  readonly because: string
}

/** An action needs two looks at most to settle; more than this means that something undoes what it does. */
const ROUNDS = 4

/** How a situation is seen, acted upon and judged: by how many instances take writes. */
interface Topology {
  readonly observe: (deed: Deed, session: Session) => Promise<Situation>
  readonly decide: (deed: Deed, situation: Situation) => Plan
  readonly fitness: (situation: Situation) => Fitness
}

/** What a pair needs is loaded only for a pair. */
async function topologyOf({ parameters }: Session): Promise<Topology> {
  if (parameters.topology === 'single-primary') return { observe, decide, fitness }
  const { PAIR } = await import('./pair-topology.ts')
  return PAIR
}

/** Look, decide, act, look again. */
export async function run(deed: Deed, session: Session): Promise<Outcome> {
  const topology = await topologyOf(session)
  for (let round = 1; round <= ROUNDS; round++) {
    const situation = await topology.observe(deed, session)
    const plan = topology.decide(deed, situation)
    session.log.trace(`${deed}: ${plan.because}: ${plan.steps.map(step => step.do).join(', ') || 'no steps'}`)
    if (plan.steps.length > 0) session.log.info(`${deed}: ${plan.because}`)
    if (plan.steps.length > 0) await carryOut(plan, situation, session)
    if (plan.next !== 'look-again') return conclude(deed, plan, plan.next, situation, session, topology)
  }
  throw new Failure(
    'rejected',
    `mysqld does not settle: ${deed} has acted ${ROUNDS} times and the state is not what it should be`,
  )
}

/** Loaded only where something is to be done, which for a monitor is hardly ever. */
async function carryOut(plan: Plan, situation: Situation, session: Session): Promise<void> {
  const { apply } = await import('./apply.ts')
  await apply(plan, situation, session)
}

/** Loaded only where a node waits for another one's data, or may have been interrupted while it got some. */
async function attendToSeeds(situation: Situation, session: Session): Promise<void> {
  const isProbeOfStopped = session.invocation.intervalMs === 0 && situation.instance.state === 'stopped'
  if (situation.memory.seedRequests.size === 0 && !isProbeOfStopped) return
  const { answerSeedRequests, resumeSeed } = await import('./apply-seeds.ts')
  await (isProbeOfStopped ? resumeSeed(session) : answerSeedRequests(situation, session))
}

/** Loaded only where heartbeats are wanted, and never for a server that takes writes and should not. */
async function beat(exit: ExitCode, situation: Situation, session: Session): Promise<void> {
  const isSource = exit === OCF.RUNNING_PROMOTED || exit === OCF.DEGRADED_PROMOTED
  if (!isSource || session.parameters.heartbeat_table === undefined) return
  const { leaveHeartbeat } = await import('./apply-heartbeat.ts')
  await leaveHeartbeat(situation, session)
}

/** The state that each changing action must leave the instance in. */
const RESULT: Partial<Record<Deed, InstanceState>> = {
  start: 'unpromoted',
  stop: 'stopped',
  promote: 'promoted',
  demote: 'unpromoted',
}

/** What an instance may be instead: closed is closed, and another server's socket is not ours to stop. */
const ALSO_FINE: Partial<Record<Deed, readonly InstanceState[]>> = {
  stop: ['foreign'],
  demote: ['stopped', 'starting', 'foreign'],
}

/** With whose eyes to look again: those of the monitor that comes next, where a score is published. */
const VERIFIED_AS: Partial<Record<Deed, Deed>> = { start: 'monitor', promote: 'monitor' }

async function conclude(
  deed: Deed,
  plan: Plan,
  exit: ExitCode,
  situation: Situation,
  session: Session,
  topology: Topology,
): Promise<Outcome> {
  const { because } = plan
  const result = RESULT[deed]
  if (deed === 'monitor' || deed === 'start') await notePatience(deed, situation, session)
  if (deed === 'monitor') {
    const isLasting = await lasts(exit, session)
    const complaint = isLasting ? because : undefined
    await publishSeen({ ...topology.fitness(situation), complaint }, situation, session)
    await noteCommits(plan, situation, session)
    await noteLag(situation, session)
    await attendToSeeds(situation, session)
    await beat(exit, situation, session)
    return { exit: exitOf(exit, isLasting, session.invocation), because }
  }
  if (result !== undefined && exit === OCF.SUCCESS) await verify(deed, result, session, topology)
  if (deed === 'promote' && exit === OCF.SUCCESS) await runHook(situation, session)
  return { exit, because }
}

/**
 * Whether a degraded state lasts: what passes within a monitor's interval, as much does around an election, is no news. So only
 * the second look in a row counts; a call by hand says what is.
 */
async function lasts(exit: ExitCode, { invocation, degraded }: Session): Promise<boolean> {
  const before = (await degraded.read()) === true
  if (!isDegraded(exit)) {
    if (before) await degraded.remove()
    return false
  }
  await degraded.write(true)
  return before || invocation.intervalMs === 0
}

/**
 * A probe may come after anything, so it always publishes; a recurring monitor only what has changed. What an instance that
 * does not answer is fit for stays as it was: a crowded source is still the source, and a dead one is stopped in a moment.
 */
async function publishSeen(news: News, situation: Situation, session: Session): Promise<void> {
  const { state } = situation.instance
  const isProbe = session.invocation.intervalMs === 0
  const isSeen = state === 'promoted' || state === 'unpromoted' || (isProbe && state === 'stopped')
  if (isSeen) await (isProbe ? publish : publishChange)(news, situation, session)
}

/** For the next monitor, which tells from it whether commits make progress. */
async function noteCommits({ steps }: Plan, { instance }: Situation, { commits }: Session): Promise<void> {
  if (instance.state !== 'promoted' || instance.facts.semiSync === undefined) return
  const { ackers, waitingSessions, acknowledged } = instance.facts.semiSync
  const renewed = steps.some(step => step.do === 'renew-acks')
  const stuck = instance.facts.replication?.applierError !== undefined
  await commits.write({ ackers, waiting: waitingSessions, acknowledged, renewed, stuck })
}

/** One that was started a moment ago has not been in step for any time. */
async function notePatience(deed: Deed, situation: Situation, { patience }: Session): Promise<void> {
  const next = nextPatience(situation)
  if (next === undefined) return
  const noted = deed === 'start' ? { ...next, since: undefined } : next
  const last = situation.preference.patience
  const isNews = JSON.stringify(noted) !== JSON.stringify(last)
  if (isNews) await patience.write(noted)
}

/** Look again: has the action left the state that it promised? Then tell the cluster what became of it. */
async function verify(deed: Deed, result: InstanceState, session: Session, topology: Topology): Promise<void> {
  const situation = await topology.observe(VERIFIED_AS[deed] ?? deed, session)
  const { state } = situation.instance
  if (state !== result && !ALSO_FINE[deed]?.includes(state))
    throw new Failure('rejected', `${deed} left the instance ${state}, not ${result}`)
  // A change of scores would make Pacemaker plan anew between a demotion and the promotion that it waits for.
  if (deed !== 'demote') await publish({ ...topology.fitness(situation), complaint: undefined }, situation, session)
}

/** Loaded only where there is a script to run. Nobody waits for it, and it sees to it that it runs once a promotion. */
async function runHook({ memory: { record }, node }: Situation, session: Session): Promise<void> {
  if (session.parameters.post_promote_script === undefined) return
  const before = record === undefined || record.node === node ? [] : ['--old-source', record.node]
  const { startWorker } = await import('./apply-worker.ts')
  await startWorker(['hook', '--resource', session.invocation.resource, ...before], session)
}
