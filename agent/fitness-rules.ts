import { isSound } from './acknowledging.ts'
import { claimsPlace } from './failback.ts'
import type { Fitness } from './fitness.ts'
import {
  follows,
  isAged,
  isAnothers,
  isQuarantined,
  isRefused,
  isShort,
  isVolatile,
  lacksAckers,
  mayBeDead,
  type Subject,
} from './fitness-signs.ts'
import { skipped } from './holds.ts'
import { judgeLag } from './lag.ts'
import { verdictOn } from './rejoin.ts'
import { SCORE } from './score.ts'

/** One judgement. */
export interface Rule extends Omit<Fitness, 'because'> {
  readonly because: string
  readonly when: (subject: Subject) => boolean
}

/** What is wrong with a server that may lose commits with its power, and the remedy. */
export const VOLATILE =
  'may lose with its power what it acknowledges: set sync_binlog=1 and innodb_flush_log_at_trx_commit=1'

const UNFIT = { score: SCORE.unfit, readable: false, degraded: true } as const

/** The first rule that holds decides; the last always holds. */
export const RULES: readonly Rule[] = [
  {
    because: 'takes writes while the cluster names another source',
    ...UNFIT,
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
    when: s => s.memory.record?.node === s.node && !isAged(s) && !isSound(s, s.facts),
  },
  {
    because: 'has been the source last',
    score: SCORE.formerSource,
    readable: false,
    degraded: false,
    when: s => s.memory.record?.node === s.node && !isAged(s),
  },
  {
    because: 'cannot follow the source',
    score: SCORE.trailing,
    readable: false,
    degraded: true,
    when: s => s.facts.replication?.applierError === undefined && verdictOn(s, s.facts)?.say === 'barred',
  },
  {
    because: 'lacks transactions that it wrote itself',
    ...UNFIT,
    when: isAged,
  },
  {
    because: 'has skipped transactions of its source',
    ...UNFIT,
    when: s => skipped(s, s.facts).size > 0,
  },
  { because: 'has transactions of its own', ...UNFIT, when: isQuarantined },
  {
    because: 'has an applier that stopped with an error',
    ...UNFIT,
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
    when: s => !follows(s) && mayBeDead(s),
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
  {
    because: 'runs a backup',
    score: SCORE.backup,
    readable: false,
    degraded: false,
    when: s => s.readers.backup?.state === 'held',
  },
  {
    because: 'does not apply what it receives',
    score: SCORE.trailing,
    readable: false,
    degraded: true,
    when: s => s.facts.replication?.receiver === 'running' && !s.facts.replication.applierRunning,
  },
  {
    because: 'trails the source',
    score: SCORE.trailing,
    readable: false,
    degraded: false,
    when: s => judgeLag(s).trails,
  },
  {
    because: 'has lost sight of the source, which is not there',
    score: SCORE.candidate,
    readable: true,
    degraded: false,
    when: s => s.facts.replication?.receiver !== 'running' && mayBeDead(s),
  },
  {
    because: 'has lost sight of the source',
    score: SCORE.candidate,
    readable: true,
    degraded: true,
    when: s => s.facts.replication?.receiver !== 'running',
  },
  {
    because: 'is in step with the source, and its backup lock is stale',
    score: SCORE.candidate,
    readable: true,
    degraded: true,
    when: s => s.readers.backup?.state === 'stale',
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
