import type { ClusterMemory } from '../cib/memory.ts'
import type { SourceRecord } from '../cib/source-record.ts'
import { count, subtract } from '../lib/mysql/gtid-set.ts'
import type { SemiSync, ServerFacts } from '../lib/mysql/server-facts.ts'
import { doubtCommits, isMisjudged, trustCommits } from './commit-safety.ts'
import { ackersOf, certifiedAcks, keepsCommits, wantedAcks } from './durability.ts'
import type { Acker, Step } from './plan.ts'
import type { InstanceView, Situation } from './situation.ts'

/** What is to be done about the acknowledgements of this source's commits, and why. Undefined: nothing. */
export interface Measure {
  readonly because: string
  readonly steps: readonly Step[]
}

/** A source and what to judge its commits by. */
interface Subject extends Situation {
  readonly record: SourceRecord
  readonly executed: ServerFacts['executed']
  readonly semiSync: SemiSync
  readonly commitsSynced: boolean
}

/** An acker that trails by no more will hold everything in a moment. In transactions that it has yet to execute. */
const NEAR = 10_000

/**
 * Keep the guarantee that the cluster's record states true, and make it what the parameters ask for. It is lowered in the
 * record before the server waits for less, and raised after the server waits for more (I4).
 */
export function certify(situation: Situation, facts: ServerFacts): Measure | undefined {
  const { record } = situation.memory
  const { executed, semiSync, commitsSynced } = facts
  const [doubt, trust] = [doubtCommits(situation, facts), trustCommits(situation, facts)]
  if (record === undefined || semiSync === undefined || situation.instances <= 1) return doubt ?? trust
  const subject = { ...situation, record, executed, semiSync, commitsSynced }
  return lower(subject) ?? doubt ?? renew(subject) ?? raise(subject) ?? trust ?? release(subject)
}

/** Whether there is something about the commits that a closer look may help; without any, monitor asks nobody. */
export function isIrregular(situation: Situation, facts: ServerFacts): boolean {
  const { memory, durability, instances, lastLook } = situation
  const { semiSync } = facts
  if (isMisjudged(situation, facts)) return true
  if (memory.record === undefined || semiSync === undefined || instances <= 1) return false
  const wanted = wantedAcks(durability)
  return (
    certifiedAcks(memory.record, memory) !== wanted ||
    waitsFor(semiSync) !== wanted ||
    semiSync.ackers < wanted ||
    semiSync.ackers !== ackersOf(memory.record, memory).length ||
    isStuck(semiSync, lastLook)
  )
}

/** How many acknowledgements the server waits for now. */
const waitsFor = ({ sourceEnabled, acks }: SemiSync) => (sourceEnabled ? acks : 0)

/**
 * No waiting commit was acknowledged since the last look. Also when an acker has come since: it may have received them all
 * before it began to acknowledge.
 */
function isStuck({ waitingSessions, acknowledged, ackers }: SemiSync, last: Situation['lastLook']): boolean {
  if (waitingSessions === 0 || last === undefined) return false
  return (last.waiting > 0 && last.acknowledged === acknowledged) || last.ackers < ackers
}

function lower(subject: Subject): Measure | undefined {
  const { memory, record, durability, semiSync, commitsSynced, cluster } = subject
  const certified = certifiedAcks(record, memory)
  const goal = lowerGoal(subject)
  if (goal === undefined || cluster === undefined) return undefined
  if (goal.acks >= certified && (goal.goesOn || goal.acks >= waitsFor(semiSync))) return undefined
  if (durability.mode === 'strict' && goal.waits) return undefined
  if (cluster.unclean.length > 0) return undefined // it may still live, in a partition of its own, and not learn of this
  const { epoch } = record
  const synced = commitsSynced && keepsCommits(record, memory)
  return {
    because: goal.because,
    steps: [
      { do: 'lower-guarantee', epoch, acks: goal.acks, synced, witnesses: cluster.online },
      ...(goal.goesOn ? [] : [goal.acks > 0 ? armed(goal.acks) : ({ do: 'relax-source' } as const)]),
    ],
  }
}

const armed = (acks: number) => ({ do: 'arm-source', acks }) as const

interface Goal {
  readonly acks: number
  readonly because: string
  /** Commits wait for it: what strict is for. */
  readonly waits: boolean
  /** The server goes on waiting as it does. */
  readonly goesOn?: boolean
}

function lowerGoal({ memory, record, durability, semiSync, lastLook, cluster }: Subject): Goal | undefined {
  const wanted = wantedAcks(durability)
  const certified = certifiedAcks(record, memory)
  const waits = waitsFor(semiSync)
  if (wanted < certified)
    return { acks: wanted, because: `the parameters ask for ${wanted} acknowledgements`, waits: false }
  if (waits < certified)
    return {
      acks: waits,
      because: `the server waits for ${waits} acknowledgements, not for ${certified}`,
      waits: false,
    }
  const uncounted = uncountedAckers(record, memory, semiSync)
  if (uncounted > 0 && lastLook !== undefined && lastLook.ackers >= semiSync.ackers) {
    const because = `${uncounted} replicas acknowledge without being registered`
    return { acks: Math.max(certified - uncounted, 0), because, waits: false, goesOn: true }
  }
  const alive = ackersOf(record, memory).filter(node => cluster?.active.includes(node)).length
  if (alive < waits) return { acks: alive, because: `${alive} ackers are left`, waits: true }
  if (semiSync.ackers < waits && lastLook !== undefined && lastLook.ackers < waits)
    return { acks: semiSync.ackers, because: `${semiSync.ackers} ackers are connected`, waits: true }
  if (lastLook?.renewed && isStuck(semiSync, lastLook) && lastLook.ackers >= semiSync.ackers)
    return { acks: 0, because: 'no acker acknowledges', waits: true }
  return undefined
}

/** Replicas that are connected as ackers and that no election would ask: one that was released while it was cut off. */
function uncountedAckers(record: SourceRecord, memory: ClusterMemory, { ackers }: SemiSync): number {
  return Math.max(ackers - ackersOf(record, memory).length, 0)
}

/** An acknowledgement that got lost does not come again by itself; that of a later commit counts for it. */
function renew({ semiSync, lastLook }: Subject): Measure | undefined {
  if (!isStuck(semiSync, lastLook) || semiSync.ackers < semiSync.acks) return undefined
  return { because: 'commits wait though ackers are connected', steps: [{ do: 'renew-acks' }] }
}

function raise(subject: Subject): Measure | undefined {
  const { memory, record, durability, semiSync, executed } = subject
  const near = present(subject).filter(([, view]) => count(subtract(executed, view.executed)) <= NEAR)
  const acks = Math.min(wantedAcks(durability), near.length, semiSync.ackers)
  if (acks <= certifiedAcks(record, memory) || uncountedAckers(record, memory, semiSync) > 0) return undefined
  const nodes = near.map(([node]) => node)
  return {
    because: `${nodes.join(', ')} can acknowledge`,
    steps: [
      ...(waitsFor(semiSync) === acks ? [] : [armed(acks)]),
      { do: 'raise-guarantee', epoch: record.epoch, acks, ackers: nodes },
    ],
  }
}

/** The ackers that answer and that Pacemaker knows to run. */
function present({ cluster, ackers }: Subject): (readonly [string, Extract<InstanceView, { answers: true }>])[] {
  return [...ackers].flatMap(([node, view]) =>
    view.answers && cluster?.active.includes(node) ? [[node, view] as const] : [],
  )
}

/**
 * Ackers that are known to be dead come back as new ones; until they are released, an election asks for them. Where Pacemaker
 * was stopped and left the server alone, as in maintenance, the server lives and acknowledges: it answers, or is connected.
 */
function release(subject: Subject): Measure | undefined {
  const { memory, record, cluster, ackers, semiSync } = subject
  const acks = certifiedAcks(record, memory)
  const left = present(subject).map(([node]) => node)
  const gone: Acker[] = ackersOf(record, memory).flatMap(node => {
    const registration = memory.registrations.get(node)
    const view = ackers.get(node)
    const isSilent = view?.answers === false && view.silent
    const isGone = isSilent && cluster && !cluster.active.includes(node) && !cluster.unclean.includes(node)
    return isGone && registration ? [{ node, registration }] : []
  })
  if (gone.length === 0 || left.length < acks || semiSync.ackers > left.length) return undefined
  return {
    because: `${gone.map(({ node }) => node).join(', ')} does not run any more`,
    steps: [{ do: 'release-ackers', gone, acks, left }],
  }
}
