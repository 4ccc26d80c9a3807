import { pointsAt } from '../channel.ts'
import { whyClosed } from '../closure.ts'
import type { Fitness } from '../fitness.ts'
import { said } from '../fitness-detail.ts'
import { VOLATILE } from '../fitness-rules.ts'
import { isShort, isVolatile, lacksAckers, type Subject } from '../fitness-signs.ts'
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
  readonly find: (subject: Subject) => string | undefined
}

const when = (holds: boolean, because: string) => (holds ? because : undefined)
const UNFIT = { score: SCORE.unfit, readable: false, degraded: true } as const
const SOURCE = { score: SCORE.source, readable: true } as const

/** How fit an instance of a pair is. Readable stands for writable as well: where clients may be sent. The first rule decides. */
const PAIR_RULES: readonly Rule[] = [
  {
    ...UNFIT,
    find: s => when(s.facts.writable && whyClosed(s) !== undefined, 'takes writes after it handed over'),
  },
  { ...UNFIT, find: quarantined },
  { ...UNFIT, find: s => lossSentence(s, s.facts) },
  {
    ...UNFIT,
    find: s => when(mustStepAside(s, s.facts), `has an applier that stopped with an error${said(error(s))}`),
  },
  {
    ...SOURCE,
    readable: false,
    degraded: true,
    find: s =>
      when(
        s.facts.writable && error(s) !== undefined && !isOnlyOne(s),
        `takes writes, and has an applier that stopped with an error${said(error(s))}`,
      ),
  },
  {
    ...SOURCE,
    degraded: true,
    find: s =>
      when(
        s.facts.writable && error(s) !== undefined,
        `takes writes alone, and has an applier that stopped with an error${said(error(s))}`,
      ),
  },
  {
    ...SOURCE,
    readable: false,
    degraded: true,
    find: s => when(s.facts.writable && judgeLag(s).trails, 'takes writes, and trails the other source'),
  },
  {
    ...SOURCE,
    degraded: true,
    find: ({ facts }) =>
      when(facts.writable && lacksAckers(facts), 'takes writes, and nobody is there to acknowledge its commits'),
  },
  {
    ...SOURCE,
    degraded: true,
    find: s => when(s.facts.writable && isVolatile(s), `takes writes, and ${VOLATILE}`),
  },
  {
    ...SOURCE,
    degraded: true,
    find: s => when(s.facts.writable && isShort(s), 'takes writes, and nobody else has what it acknowledges'),
  },
  {
    ...SOURCE,
    degraded: true,
    find: s => when(s.facts.writable && hasLostSight(s), 'takes writes, and does not follow the other source'),
  },
  { ...SOURCE, degraded: false, find: ({ facts }) => when(facts.writable, 'takes writes') },
  { ...UNFIT, find: s => pairBarrier(s, s.facts) },
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
  const subject = { ...situation, facts: instance.facts }
  for (const { find, ...fitness } of PAIR_RULES) {
    const because = find(subject)
    if (because !== undefined) return { ...fitness, because: because.startsWith(node) ? because : `${node} ${because}` }
  }
  return absent
}

function quarantined({ node, memory }: Situation): string | undefined {
  const reason = memory.quarantines.get(node)
  return reason === undefined ? undefined : `is in quarantine: ${reason}`
}

const error = ({ facts }: Subject) => facts.replication?.applierError

const isKnown = (situation: Situation) => situation.memory.record ?? asReplica(situation).memory.record

/** The other one is there, and its writes do not come. */
function hasLostSight(subject: Subject): boolean {
  const { facts, source } = subject
  const { record } = asReplica(subject).memory
  if (record === undefined || source?.answers === false) return false
  return !isInTouch(subject, facts) || !pointsAt(facts.replication, record)
}
