import type { ServerFacts } from '../../lib/mysql/server-facts.ts'
import { whyClosed } from '../actions/monitor.ts'
import { pointsAt } from '../channel.ts'
import { certifiedAcks, wantedAcks } from '../durability.ts'
import type { Fitness } from '../fitness.ts'
import { said } from '../fitness-detail.ts'
import { VOLATILE } from '../fitness-rules.ts'
import { isVolatile } from '../fitness-signs.ts'
import { judgeLag } from '../lag.ts'
import { SCORE } from '../score.ts'
import type { Situation } from '../situation.ts'
import { pairBarrier } from './barrier.ts'
import { isInTouch } from './follow-other.ts'
import { lossSentence } from './lost-writes.ts'
import { asReplica } from './pair-view.ts'
import { isOnlyOne, mustStepAside } from './step-aside.ts'

interface Rule extends Omit<Fitness, 'because'> {
  /** The end of a sentence that begins with the node; undefined where the rule does not hold. */
  readonly find: (situation: Situation, facts: ServerFacts) => string | undefined
}

const when = (holds: boolean, because: string) => (holds ? because : undefined)
const UNFIT = { score: SCORE.unfit, readable: false, degraded: true } as const
const SOURCE = { score: SCORE.source, readable: true } as const

/** How fit an instance of a pair is. Readable stands for writable as well: where clients may be sent. The first rule decides. */
export const PAIR_RULES: readonly Rule[] = [
  {
    ...UNFIT,
    find: (s, facts) => when(facts.writable && whyClosed(s) !== undefined, 'takes writes after it handed over'),
  },
  { ...UNFIT, find: quarantined },
  { ...UNFIT, find: (s, facts) => lossSentence(s, facts) },
  {
    ...UNFIT,
    find: (s, facts) => when(mustStepAside(s, facts), `has an applier that stopped with an error${said(error(facts))}`),
  },
  {
    ...SOURCE,
    readable: false,
    degraded: true,
    find: (s, facts) =>
      when(
        facts.writable && error(facts) !== undefined && !isOnlyOne(s),
        `takes writes, and has an applier that stopped with an error${said(error(facts))}`,
      ),
  },
  {
    ...SOURCE,
    degraded: true,
    find: (_, facts) =>
      when(
        facts.writable && error(facts) !== undefined,
        `takes writes alone, and has an applier that stopped with an error${said(error(facts))}`,
      ),
  },
  {
    ...SOURCE,
    readable: false,
    degraded: true,
    find: (s, facts) =>
      when(facts.writable && judgeLag({ ...s, facts }).trails, 'takes writes, and trails the other source'),
  },
  {
    ...SOURCE,
    degraded: true,
    find: (_, { writable, semiSync }) =>
      when(
        writable && semiSync?.sourceEnabled === true && semiSync.ackers === 0,
        'takes writes, and nobody is there to acknowledge its commits',
      ),
  },
  {
    ...SOURCE,
    degraded: true,
    find: (s, facts) => when(facts.writable && isVolatile({ ...s, facts }), `takes writes, and ${VOLATILE}`),
  },
  {
    ...SOURCE,
    degraded: true,
    find: (s, facts) => when(facts.writable && isShort(s), 'takes writes, and nobody else has what it acknowledges'),
  },
  {
    ...SOURCE,
    degraded: true,
    find: (s, facts) =>
      when(facts.writable && hasLostSight(s, facts), 'takes writes, and does not follow the other source'),
  },
  { ...SOURCE, degraded: false, find: (_, { writable }) => when(writable, 'takes writes') },
  { ...UNFIT, find: pairBarrier },
  {
    score: SCORE.fresh,
    readable: false,
    degraded: false,
    find: s => when(!isKnown(s), 'waits for its first promotion'),
  },
  { score: SCORE.candidate, readable: false, degraded: false, find: () => 'can take writes' },
]

/** Judge an instance of a pair. One that does not serve has no score. */
export function pairFitness(situation: Situation): Fitness {
  const { node, instance } = situation
  const absent = { because: `${node} is not serving`, score: undefined, readable: false, degraded: false }
  if (!('facts' in instance)) return absent
  for (const { find, ...fitness } of PAIR_RULES) {
    const because = find(situation, instance.facts)
    if (because !== undefined) return { ...fitness, because: because.startsWith(node) ? because : `${node} ${because}` }
  }
  return absent
}

function quarantined({ node, memory }: Situation): string | undefined {
  const reason = memory.quarantines.get(node)
  return reason === undefined ? undefined : `is in quarantine: ${reason}`
}

const error = ({ replication }: ServerFacts) => replication?.applierError

const isShort = ({ memory, durability }: Situation) =>
  memory.record !== undefined && certifiedAcks(memory.record, memory) < wantedAcks(durability)

const isKnown = (situation: Situation) => situation.memory.record ?? asReplica(situation).memory.record

/** The other one is there, and its writes do not come. */
function hasLostSight(situation: Situation, facts: ServerFacts): boolean {
  const { record } = asReplica(situation).memory
  const isAbsent = situation.source?.answers === false
  if (record === undefined || isAbsent) return false
  return !isInTouch(situation, facts) || !pointsAt(facts.replication, record)
}
