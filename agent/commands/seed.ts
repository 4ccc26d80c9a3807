import { setTimeout as delay } from 'node:timers/promises'
import { ATTRIBUTES } from '../../cib/attributes.ts'
import { holdBack, letRun } from '../../cib/hold-back.ts'
import { deletePermanentAttribute } from '../../cib/node-attribute.ts'
import type { RuntimeFile } from '../../cib/runtime-file.ts'
import { seedWatcher, seedWorker } from '../../cib/seed-workers.ts'
import { readMarker, type SeedMarker } from '../../lib/seed/marker.ts'
import { beginSeed, giveUp, type Seed, seedData } from '../../lib/seed/seed-data.ts'
import { bootId } from '../../lib/system/boot-id.ts'
import { Failure } from '../../lib/system/failure.ts'
import { lives, type ProcessId, thisProcess } from '../../lib/system/process-table.ts'
import { planSeed, type SeedPlan, type SeedWish } from '../seed-plan.ts'
import type { Session } from '../session.ts'
import { openSession } from './command-session.ts'
import { forgoOwn } from './forgo.ts'
import type { PromotionReport } from './promotion.ts'
import { seedComplaint } from './seed-complaint.ts'
import { type Surveyed, surveySeed } from './seed-survey.ts'
import { transfer } from './seed-transfer.ts'
import { SeedVoice } from './seed-voice.ts'
import { awaitDonorAhead, awaitReplica, awaitStop } from './seed-waits.ts'
import { watchSeed } from './seed-watch.ts'
import type { Surroundings } from './surroundings.ts'

/** What was asked for. */
export interface SeedRequest extends SeedWish {
  readonly resource?: string | undefined
  readonly clearFirst: boolean
  readonly port: number
  /** Where to fetch the data by ssh. */
  readonly ssh?: string | undefined
  /** The agent has started it by policy, and starts it again when it was interrupted. */
  readonly automatic: boolean
  /** Another process starts it again when it is killed. */
  readonly watched: boolean
}

/** A copy may take as long as it takes; what hangs within it has a bound of its own. */
const WHOLE_MS = 7 * 24 * 3600_000

/** Make this node a replica with another one's data, however it stands. Answers when it follows the source. */
export async function seed(request: SeedRequest, surroundings: Surroundings): Promise<PromotionReport> {
  const complaint = await seedComplaint(request)
  if (complaint !== undefined) return { done: false, sentence: complaint }
  const opened = await openSession(request.resource, WHOLE_MS, surroundings.openLog)
  if ('refusal' in opened) return { done: false, sentence: opened.refusal }
  const { session } = opened
  try {
    const work = () => attempt(session, request, surroundings)
    const { resource } = session.invocation
    if (!request.automatic) return await once(seedWorker(resource), session, work)
    if (!request.watched) return await once(seedWatcher(resource), session, () => watchSeed(session))
    return await once(seedWorker(resource), session, () => persist(work, session))
  } finally {
    session.hangUp()
  }
}

/** Two at a time would delete each other's work. */
async function once(
  working: RuntimeFile<ProcessId>,
  session: Session,
  work: () => Promise<PromotionReport>,
): Promise<PromotionReport> {
  const other = await working.read()
  if (other !== undefined && lives(other))
    return { done: false, sentence: `${session.node} is being seeded already, by process ${other.pid}` }
  const own = thisProcess()
  if (own !== undefined) await working.write(own)
  try {
    return await work()
  } finally {
    await working.remove()
  }
}

/** What nobody asked for by hand nobody asks for again: with longer and longer pauses, for about three hours. */
const PAUSES_SECONDS = [10, 30, 60, 120, 300, ...new Array<number>(20).fill(600)]

async function persist(work: () => Promise<PromotionReport>, { log }: Session): Promise<PromotionReport> {
  for (const pause of PAUSES_SECONDS) {
    const report = await work().catch((error: unknown): PromotionReport => {
      if (error instanceof Failure) return { done: false, sentence: error.message }
      throw error
    })
    if (report.done) return report
    log.warning(`seed: ${report.sentence}; trying again in ${pause} s`)
    await delay(pause * 1000)
  }
  return work()
}

async function attempt(session: Session, request: SeedRequest, surroundings: Surroundings): Promise<PromotionReport> {
  const surveyed = await surveySeed(session)
  const plan = planSeed(surveyed.survey, request)
  if (plan.say === 'nothing' || plan.say === 'refuse') return { done: plan.say === 'nothing', sentence: plan.because }
  if (request.ssh !== undefined && plan.say === 'seed' && plan.method === 'clone')
    return { done: false, sentence: NO_SSH }
  return carryOut(plan, surveyed, session, request, surroundings)
}

const NO_SSH = 'CLONE goes over the connection of the servers: leave --ssh out, or use --method dump'

type Doable = Exclude<SeedPlan, { readonly say: 'nothing' | 'refuse' }>

async function carryOut(
  plan: Doable,
  surveyed: Surveyed,
  session: Session,
  request: SeedRequest,
  surroundings: Surroundings,
): Promise<PromotionReport> {
  const { node, invocation, deadline } = session
  const voice = new SeedVoice(session, surroundings)
  const origin = { donor: plan.donor, automatic: request.automatic, worker: await worker() }
  await beginSeed(session.parameters.datadir, origin) // first: a node that is held back and lost now must know why
  try {
    await holdBack(invocation.resource, node, deadline)
    await replace(plan, surveyed, session, { ...request, origin }, voice)
    if (request.discard) await forgoOwn(session, plan.donor)
    await deletePermanentAttribute(ATTRIBUTES.quarantine(invocation.resource), node, deadline)
  } catch (error) {
    await afterFailure(session, voice)
    throw error
  } finally {
    await voice.end()
  }
  voice.say(`the data of ${plan.donor} are in place on ${node}; Pacemaker may start its server`)
  await letRun(invocation.resource, node, deadline)
  return awaitReplica(session)
}

async function replace(
  plan: Doable,
  surveyed: Surveyed,
  session: Session,
  { port, ssh, clearFirst, origin }: SeedRequest & Pick<Seed, 'origin'>,
  voice: SeedVoice,
): Promise<void> {
  const { parameters, deadline, node } = session
  const { datadir: dataDirectory, user, group } = parameters
  const { binaryLogBase, relayLogBase } = surveyed.installed
  if (binaryLogBase === undefined)
    throw new Failure('misconfigured', 'the configuration of mysqld does not name its binary log: set log_bin')
  voice.say(`${node} is held back until it has the data of ${plan.donor}`)
  await awaitStop(session)
  if (plan.say === 'seed') await awaitDonorAhead(session, plan, voice)
  const fetch = async (staging: Parameters<Parameters<typeof seedData>[0]['fetch']>[0]) => {
    if (plan.say !== 'seed') throw new Failure('rejected', `the seed of ${node} has been given up meanwhile`)
    voice.say(`copying the data of ${plan.donor} by ${plan.method}`)
    await transfer(session, surveyed, { ...plan, port, ssh, report: voice.report }, staging)
    voice.say('the data are whole, and take the place of the old ones')
  }
  const replaced = { dataDirectory, binaryLogBase, relayLogBase }
  await seedData({ replaced, user, group, origin, clearFirst, fetch }, deadline)
}

async function worker(): Promise<SeedMarker['worker']> {
  const own = thisProcess() ?? { pid: 0, startTime: '' }
  return { ...own, boot: await bootId() }
}

/** Where the old data are still in place the node goes on with them; else it stays held back. */
async function afterFailure(session: Session, voice: SeedVoice): Promise<void> {
  const { invocation, node, parameters, deadline } = session
  const marker = await readMarker(parameters.datadir)
  if (marker?.intact && marker.phase === 'receiving') await giveUp(parameters.datadir, deadline)
  if (marker === undefined || marker.intact) {
    await letRun(invocation.resource, node, deadline)
    return
  }
  voice.say(`${node} stays held back, since its data are not whole: run "heir seed" again when the cause is gone`)
}
