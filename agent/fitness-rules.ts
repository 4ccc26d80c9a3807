import type { ServerFacts } from '../lib/mysql/server-facts.ts'
import { isSound } from './acknowledging.ts'
import { pointsAt } from './channel.ts'
import { certifiedAcks, wantedAcks } from './durability.ts'
import { claimsPlace } from './failback.ts'
import { errant } from './holds.ts'
import { verdictOn } from './rejoin.ts'
import { SCORE } from './score.ts'
import type { Situation } from './situation.ts'

/** How fit an instance is: to be promoted, and to be read. */
export interface Fitness {
  readonly because: string
  /** Undefined: no score at all, which Pacemaker takes as "may not be promoted". */
  readonly score: number | typeof SCORE.unfit | undefined
  readonly readable: boolean
  /** Serving, but not as it should: the operator is told by the degraded exit codes. */
  readonly degraded: boolean
}

/** One judgement. */
export interface Rule extends Omit<Fitness, 'because'> {
  readonly because: string
  readonly when: (subject: Subject) => boolean
}

/** A serving instance and what to judge it by. */
export interface Subject extends Situation {
  readonly facts: ServerFacts
}

const VOLATILE = 'may lose with its power what it acknowledges: set sync_binlog=1 and innodb_flush_log_at_trx_commit=1'

/** The first rule that holds decides; the last always holds. */
export const RULES: readonly Rule[] = [
  {
    because: 'takes writes while the cluster names another source',
    score: SCORE.unfit,
    readable: false,
    degraded: true,
    when: s => s.facts.writable && isAnothers(s),
  },
  {
    because: 'is the source, and no replica is there to acknowledge its commits',
    score: SCORE.source,
    readable: true,
    degraded: true,
    when: s => s.facts.writable && lacksAckers(s.facts),
  },
  {
    because: 'is the source, and fewer replicas than wanted have what it acknowledges',
    score: SCORE.source,
    readable: true,
    degraded: true,
    when: s => s.facts.writable && isShort(s),
  },
  {
    because: `is the source, and ${VOLATILE}`,
    score: SCORE.source,
    readable: true,
    degraded: true,
    when: s => s.facts.writable && isVolatile(s),
  },
  { because: 'is the source', score: SCORE.source, readable: true, degraded: false, when: s => s.facts.writable },
  {
    because: 'has been the source last, and may have lost with its power what it acknowledged',
    score: SCORE.trailing,
    readable: false,
    degraded: true,
    when: s => s.memory.record?.node === s.node && !isSound(s, s.facts),
  },
  {
    because: 'has been the source last',
    score: SCORE.formerSource,
    readable: false,
    degraded: false,
    when: s => s.memory.record?.node === s.node,
  },
  {
    because: 'cannot follow the source',
    score: SCORE.trailing,
    readable: false,
    degraded: true,
    when: s => s.facts.replication?.applierError === undefined && verdictOn(s, s.facts)?.say === 'barred',
  },
  { because: 'has transactions of its own', score: SCORE.unfit, readable: false, degraded: true, when: isQuarantined },
  {
    because: 'has an applier that stopped with an error',
    score: SCORE.unfit,
    readable: false,
    degraded: true,
    when: s => s.facts.replication?.applierError !== undefined,
  },
  {
    because: 'waits for the first source',
    score: SCORE.fresh,
    readable: false,
    degraded: false,
    when: s => s.memory.record === undefined,
  },
  {
    because: 'fetches what the source has purged',
    score: SCORE.trailing,
    readable: false,
    degraded: false,
    when: s => verdictOn(s, s.facts)?.say === 'fetch',
  },
  {
    because: 'does not follow the source, which is not there',
    score: SCORE.trailing,
    readable: false,
    degraded: false,
    when: s => !follows(s) && s.source?.answers !== true,
  },
  {
    because: 'does not follow the source',
    score: SCORE.trailing,
    readable: false,
    degraded: true,
    when: s => !follows(s),
  },
  {
    because: 'has a receiver that is refused by the source',
    score: SCORE.trailing,
    readable: false,
    degraded: true,
    when: isRefused,
  },
  { because: 'trails the source', score: SCORE.trailing, readable: false, degraded: false, when: trails },
  {
    because: 'has lost sight of the source, which is not there',
    score: SCORE.candidate,
    readable: true,
    degraded: false,
    when: s => s.facts.replication?.receiver !== 'running' && s.source?.answers !== true,
  },
  {
    because: 'has lost sight of the source',
    score: SCORE.candidate,
    readable: true,
    degraded: true,
    when: s => s.facts.replication?.receiver !== 'running',
  },
  {
    because: `is in step with the source, and as the source ${VOLATILE}`,
    score: SCORE.candidate,
    readable: true,
    degraded: true,
    when: s => isVolatile(s),
  },
  {
    because: 'is in step with the source, and preferred to it',
    score: SCORE.successor,
    readable: true,
    degraded: false,
    when: claimsPlace,
  },
  { because: 'is in step with the source', score: SCORE.candidate, readable: true, degraded: false, when: () => true },
]

const isAnothers = ({ memory: { record }, node }: Subject) => record !== undefined && record.node !== node
/** With durability=async nothing is promised that a loss of power could break. */
const isVolatile = ({ facts, durability }: Subject) => durability.mode !== 'async' && !facts.commitsSynced
const lacksAckers = ({ semiSync }: ServerFacts) => semiSync?.sourceEnabled === true && semiSync.ackers === 0
const follows = ({ facts, memory: { record } }: Subject) => record !== undefined && pointsAt(facts.replication, record)

/** Fewer replicas than the parameters ask for have each acknowledged write. */
function isShort({ memory, durability, instances }: Subject): boolean {
  return instances > 1 && memory.record !== undefined && certifiedAcks(memory.record, memory) < wantedAcks(durability)
}

/** A receiver that an election holds still shows its last error too, mostly that the source is gone. */
function isRefused({ facts: { replication }, frozen, source }: Subject): boolean {
  const hasGivenUp = replication?.receiver === 'stopped' && replication.receiverError !== undefined
  return hasGivenUp && !frozen && source?.answers === true
}

function isQuarantined(subject: Subject): boolean {
  const { record, quarantines } = subject.memory
  if (quarantines.has(subject.node)) return true
  if (record === undefined) return false
  if (errant(subject, subject.facts).size > 0) return true
  const verdict = follows(subject) ? undefined : verdictOn(subject, subject.facts)?.say
  return verdict === 'quarantine' || verdict === 'reseed'
}

/** Behind its source by more than readers put up with, as far as it knows. */
export function trails({
  facts: { replication },
  maxReplicaLagSeconds,
}: Pick<Subject, 'facts' | 'maxReplicaLagSeconds'>): boolean {
  return replication?.lagSeconds !== undefined && replication.lagSeconds > maxReplicaLagSeconds
}
