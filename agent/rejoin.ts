import type { SourceRecord } from '../cib/source-record.ts'
import { compareCoordinates } from '../lib/mysql/coordinates.ts'
import { type GtidSet, isEmpty, subtract, union } from '../lib/mysql/gtid-set.ts'
import { ownTransactions } from '../lib/mysql/own-transactions.ts'
import type { ServerFacts } from '../lib/mysql/server-facts.ts'
import { pointsAt } from './channel.ts'
import { errantSentence, outdatedSentence, remedyOn, setAside } from './divergence.ts'
import { allOf, outdated, writtenBy } from './holds.ts'
import { fetchElsewhere, stranded } from './purged-logs.ts'
import type { AnsweringInstance, Situation } from './situation.ts'

/** Whether and how an unpromoted instance may follow the recorded source. */
export type RejoinVerdict =
  | { readonly say: 'follow' }
  /** Follow another replica for a while: the source no longer has all the binary logs that are needed. */
  | { readonly say: 'fetch'; readonly from: string; readonly because: string }
  /** Not now; it passes by itself. */
  | { readonly say: 'wait'; readonly because: string }
  /** Not before somebody has mended it; the data are sound. */
  | { readonly say: 'barred'; readonly because: string }
  /** It must not follow: it would hide a difference, or lose data. */
  | { readonly say: 'quarantine'; readonly because: string }
  /** It must not follow, and its data are to be replaced by the cluster's. */
  | { readonly say: 'reseed'; readonly because: string }

/** An instance that is to follow the record's source. */
export interface Rejoiner
  extends Pick<Situation, 'node' | 'source' | 'neighbours' | 'byGtid' | 'memory' | 'onDiverged' | 'pair'> {
  readonly facts: ServerFacts
  readonly record: SourceRecord
}

interface Rung {
  /** For people, in the manual. */
  readonly found: string
  readonly outcome: string
  /** The verdict where this is found; undefined leads to the next rung. */
  readonly judge: (subject: Rejoiner) => RejoinVerdict | undefined
}

/**
 * The way back, as one diagnosis: the first rung that is found decides, the last always is. What the instance executed or
 * received that its source has not is compared before it follows: MySQL would follow silently with such transactions in place,
 * and a relay log that may be the last copy of some would be deleted. Own set first, then those of others, then the source's:
 * in this order a difference is never an artefact.
 */
export const LADDER: readonly Rung[] = [
  { found: 'it is in quarantine', outcome: 'it stays there, or is rebuilt (`on_diverged`)', judge: marked },
  {
    found: 'another server has its `server_id` or `server_uuid`',
    outcome: 'waits for one of them to be changed',
    judge: twin,
  },
  {
    found: 'there are no GTIDs',
    outcome: 'follows if it stands exactly where the source began; else quarantine',
    judge: judgeByCoordinates,
  },
  { found: 'the source does not answer', outcome: 'waits', judge: silent },
  {
    found: 'the source takes no writes, and lacks transactions that it wrote itself and this instance holds',
    outcome: 'waits for an election',
    judge: forgotten,
  },
  {
    found: 'it holds transactions that the source lacks',
    outcome: 'quarantine, or is rebuilt (`on_diverged`)',
    judge: diverged,
  },
  {
    found: 'it lacks transactions that it wrote itself: its data are an older copy',
    outcome: 'quarantine, or is rebuilt (`on_diverged`)',
    judge: aged,
  },
  {
    found: 'the source has purged binary logs that it needs, and a replica has them',
    outcome: 'follows that replica until the source has the rest',
    judge: fetchElsewhere,
  },
  {
    found: 'nobody has these binary logs any more',
    outcome: 'waits for `heir seed`, or is rebuilt (`on_diverged`)',
    judge: stranded,
  },
  { found: 'it is equal or behind', outcome: 'follows', judge: () => ({ say: 'follow' }) },
]

/** Go down the ladder. */
export function judgeRejoin(subject: Rejoiner): RejoinVerdict {
  for (const { judge } of LADDER) {
    const verdict = judge(subject)
    if (verdict !== undefined) return verdict
  }
  throw new Error('the last rung always decides')
}

/** Where an instance stands on the ladder; undefined while it receives from the source, or the source has not been asked. */
export function verdictOn(situation: Situation, facts: ServerFacts): RejoinVerdict | undefined {
  const { record } = situation.memory
  if (record === undefined || situation.source === undefined || facts.writable) return undefined
  if (facts.replication?.receiver === 'running' && pointsAt(facts.replication, record)) return undefined
  return judgeRejoin({ ...situation, facts, record })
}

function marked(subject: Rejoiner): RejoinVerdict | undefined {
  const { node, memory } = subject
  const quarantine = memory.quarantines.get(node)
  return quarantine === undefined ? undefined : setAside(subject, `${node} is in quarantine: ${quarantine}`)
}

/** Two servers of one name throw each other out at the source, or ignore each other's transactions as their own. */
function twin({ node, facts, record, source, neighbours }: Rejoiner): RejoinVerdict | undefined {
  for (const [other, view] of [...neighbours, [record.node, source] as const]) {
    if (!view?.answers) continue
    if (view.serverId === facts.serverId) {
      const because = `${node} and ${other} both have the server_id ${facts.serverId}: give one of them another in its configuration`
      return { say: 'barred', because }
    }
    if (facts.serverUuid === undefined || view.serverUuid !== facts.serverUuid) continue
    const remedy = `stop the server of one of them, delete auto.cnf in its data directory, and start it`
    return { say: 'barred', because: `${node} and ${other} both have the server_uuid ${facts.serverUuid}: ${remedy}` }
  }
  return undefined
}

function silent({ record, source }: Rejoiner): RejoinVerdict | undefined {
  if (source === undefined) return { say: 'wait', because: `${record.node} has not been asked what it executed` }
  return source.answers ? undefined : { say: 'wait', because: `${record.node} does not answer: ${source.because}` }
}

/**
 * The source lacks what it wrote itself: it lost that with its power, or with newer data, and this instance may have the only
 * copy of something that was acknowledged. It is to be heard in an election, not kept apart. With writes open again it has been
 * decided who is right; of a pair, who serves is in nobody's way.
 */
function forgotten(subject: Rejoiner): RejoinVerdict | undefined {
  const { facts, record, source, pair } = subject
  if (!source?.answers || (source.writable && (pair === undefined || !facts.writable))) return undefined
  const surplus = surplusOver(source, subject)
  const lost = writtenBy(source, surplus)
  if (isEmpty(lost) || !isEmpty(subtract(surplus, lost))) return undefined
  return { say: 'wait', because: outdatedSentence(record.node, facts.flavour, lost) }
}

function diverged(subject: Rejoiner): RejoinVerdict | undefined {
  const { node, facts, record, source } = subject
  if (!source?.answers) return undefined
  const errant = surplusOver(source, subject)
  return isEmpty(errant) ? undefined : setAside(subject, errantSentence(node, record.node, facts.flavour, errant))
}

/** What the instance holds and the source lacks. Of a pair each writes, and the other one fetches it. */
function surplusOver({ executed }: AnsweringInstance, { facts, pair }: Rejoiner): GtidSet {
  const held = allOf(facts)
  return subtract(held, pair?.hasReigned !== true ? executed : union(executed, ownTransactions(facts, held)))
}

/** A replica skips what bears its own name: it would follow, and lack these for good. */
function aged(subject: Rejoiner): RejoinVerdict | undefined {
  const { node, facts } = subject
  const lacked = outdated(subject, facts)
  return isEmpty(lacked) ? undefined : setAside(subject, outdatedSentence(node, facts.flavour, lacked))
}

/**
 * Without GTIDs only one case is provable: the instance stands exactly where the new source stood in the previous source's
 * binary log when it was promoted. A replica shows that by its channel, the previous source itself by the end of its own log.
 */
function judgeByCoordinates(subject: Rejoiner): RejoinVerdict | undefined {
  const { node, facts, record, byGtid } = subject
  if (byGtid) return undefined
  if (pointsAt(facts.replication, record)) return { say: 'follow' }
  const stands = facts.replication?.appliedTo ?? facts.binaryLog
  if (!record.previous || (stands && compareCoordinates(stands, record.previous) === 'equal')) return { say: 'follow' }
  const at = stands ? `${stands.file}:${stands.position}` : 'no known place'
  const began = `${record.node} began at ${record.previous.file}:${record.previous.position}`
  return setAside(subject, `${node} stands at ${at} and ${began}; ${remedyOn(node)}`)
}
