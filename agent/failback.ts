import { isAway } from '../cib/source-record.ts'
import { isAcknowledging } from './acknowledging.ts'
import { isFollowing } from './follow.ts'
import { SCORE } from './score.ts'
import type { Situation } from './situation.ts'

/** Which node is to be the source where several could, and whether it takes the place back. */
export interface Preference {
  /** The preferred nodes, the most preferred first. */
  readonly nodes: readonly string[]
  /** For so long a preferred node must have been in step before it takes the source's place; undefined: it never does. */
  readonly failbackSeconds: number | undefined
  /** What the last monitor noted. */
  readonly patience: Patience | undefined
  /** Milliseconds since 1970. */
  readonly now: number
}

/** How long a preferred replica has been in step, from one monitor for the next. Times are milliseconds since 1970. */
export interface Patience {
  readonly epoch: number
  /** Since when it is in step with the source of that epoch; undefined while it is not. */
  readonly since: number | undefined
  /** When it took a source's place, and in which epoch. */
  readonly claims: readonly { readonly epoch: number; readonly at: number }[]
}

/** Nobody is preferred. */
export const NO_PREFERENCE: Preference = { nodes: [], failbackSeconds: undefined, patience: undefined, now: 0 }

/** What the most preferred node has ahead of one that nobody named: less than lies between two scores. */
const FIRST_BONUS = 40

/** The scores at which several instances could be promoted as well as each other. */
const AMONG_EQUALS: readonly unknown[] = [SCORE.successor, SCORE.candidate, SCORE.fresh]

/** A promotion score with what a preferred node has ahead among equals. */
export function withPreference<Score>(score: Score, { node, preference }: Situation): Score | number {
  const place = preference.nodes.indexOf(node)
  if (place < 0 || typeof score !== 'number' || !AMONG_EQUALS.includes(score)) return score
  return score + Math.max(FIRST_BONUS - place, 0)
}

/** Behind by no more than what a hand-over waits for anyhow. Heartbeats are some seconds old when they are read. */
const IN_STEP_SECONDS = 5
const HOUR_MS = 3_600_000

/**
 * Whether this replica is to take the place of a source that is less preferred: it has been in step for long enough. That is
 * twice as long after each time that it did so and lost the place within the hour, so that a node which fails under load, or
 * whose promotion is refused, does not take clients to and fro.
 */
export function claimsPlace(situation: Situation): boolean {
  const { preference, memory } = situation
  const { failbackSeconds, patience, now } = preference
  if (failbackSeconds === undefined || patience?.since === undefined || !isDue(situation)) return false
  if (patience.epoch !== memory.record?.epoch) return false
  const before = patience.claims.filter(({ epoch, at }) => epoch < patience.epoch && now - at < HOUR_MS && at <= now)
  return now - patience.since >= failbackSeconds * 1000 * 2 ** before.length
}

/** What to note for the next monitor; undefined where nothing needs to be. */
export function nextPatience(situation: Situation): Patience | undefined {
  const { preference, memory } = situation
  const { patience, now, failbackSeconds } = preference
  const epoch = memory.record?.epoch ?? 0
  if (failbackSeconds === undefined) return undefined
  const claims = patience?.claims.filter(({ at }) => now - at < HOUR_MS && at <= now) ?? []
  if (!isDue(situation)) return { epoch, since: undefined, claims }
  const since = patience?.epoch === epoch && (patience.since ?? now) <= now ? patience.since : undefined
  const isNew = claimsPlace(situation) && !claims.some(claim => claim.epoch === epoch)
  return { epoch, since: since ?? now, claims: isNew ? [...claims, { epoch, at: now }] : claims }
}

/** Whether this instance is a healthy replica of a source that is less preferred. */
function isDue(situation: Situation): boolean {
  const { node, instance, memory, preference, durability } = situation
  const { record, quarantines } = memory
  if (instance.state !== 'unpromoted' || record === undefined || isAway(record) || quarantines.has(node)) return false
  const { facts } = instance
  const place = preference.nodes.indexOf(node)
  const other = preference.nodes.indexOf(record.node)
  const isPreferred = place >= 0 && (other < 0 || place < other)
  const lag = facts.replication?.lagSeconds
  return (
    isPreferred &&
    isFollowing(facts, record) &&
    facts.replication?.receiver === 'running' &&
    lag !== undefined &&
    lag <= IN_STEP_SECONDS &&
    (durability.mode === 'async' || isAcknowledging(situation, facts, record))
  )
}
