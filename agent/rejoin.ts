import type { SourceRecord } from '../cib/source-record.ts'
import { compareCoordinates } from '../lib/mysql/coordinates.ts'
import { type GtidSet, isEmpty, subtract, union } from '../lib/mysql/gtid-set.ts'
import { formatGtidSet } from '../lib/mysql/gtid-text.ts'
import type { FlavourName, Replication, ServerFacts } from '../lib/mysql/server-facts.ts'
import type { Situation } from './situation.ts'

/** Whether and how an unpromoted instance may follow the recorded source. */
export type RejoinVerdict =
  | { readonly say: 'follow' }
  | { readonly say: 'wait'; readonly because: string }
  /** It must not follow: it would hide a difference, or lose data. */
  | { readonly say: 'quarantine'; readonly because: string }

export interface Rejoiner extends Pick<Situation, 'node' | 'source' | 'byGtid' | 'memory'> {
  readonly facts: ServerFacts
  readonly record: SourceRecord
}

/** Whether the instance's channel points at the recorded source, running or not. */
export function pointsAt(replication: Replication | undefined, record: SourceRecord): boolean {
  return replication?.sourceHost === record.host && replication.sourcePort === record.port
}

/**
 * What the instance executed or received that its source has not is compared before it follows: MySQL would follow silently
 * with such transactions in place, and a relay log that may be the last copy of some would be deleted. Own set first, then the source's: in this order a difference is never an artefact.
 */
export function judgeRejoin({ node, facts, record, source, byGtid, memory }: Rejoiner): RejoinVerdict {
  const quarantine = memory.quarantines.get(node)
  if (quarantine !== undefined) return { say: 'quarantine', because: `${node} is in quarantine: ${quarantine}` }
  if (!byGtid) return judgeByCoordinates(node, facts, record)
  if (source === undefined) return { say: 'wait', because: `${record.node} has not been asked what it executed` }
  if (!source.answers) return { say: 'wait', because: `${record.node} does not answer: ${source.because}` }

  const held = facts.replication ? union(facts.executed, facts.replication.received) : facts.executed
  const errant = subtract(held, source.executed)
  if (isEmpty(errant)) return { say: 'follow' }
  return { say: 'quarantine', because: errantSentence(node, record.node, facts.flavour, errant) }
}

/** What is wrong with a node that holds these transactions, and what helps. */
export function errantSentence(node: string, source: string, flavour: FlavourName, errant: GtidSet): string {
  const gtids = formatGtidSet(flavour, errant).slice(0, 200)
  return `${node} holds transactions that ${source} lacks: ${gtids}; rebuild it from ${source}`
}

/**
 * Without GTIDs only one case is provable: the instance stands exactly where the new source stood in the previous source's
 * binary log when it was promoted. A replica shows that by its channel, the previous source itself by the end of its own log.
 */
function judgeByCoordinates(node: string, facts: ServerFacts, record: SourceRecord): RejoinVerdict {
  if (pointsAt(facts.replication, record)) return { say: 'follow' }
  const stands = facts.replication?.appliedTo ?? facts.binaryLog
  if (!record.previous || (stands && compareCoordinates(stands, record.previous) === 'equal')) return { say: 'follow' }
  const at = stands ? `${stands.file}:${stands.position}` : 'no known place'
  return {
    say: 'quarantine',
    because: `${node} stands at ${at} and ${record.node} began at ${record.previous.file}:${record.previous.position}; rebuild it from ${record.node}`,
  }
}
