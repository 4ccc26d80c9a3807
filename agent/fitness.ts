import { barrierTo } from './barrier.ts'
import { withPreference } from './failback.ts'
import { detail } from './fitness-detail.ts'
import { RULES } from './fitness-rules.ts'
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

const ABSENT: Fitness = { because: 'is not serving', score: undefined, readable: false, degraded: false }

/** Nobody else is there to take writes: somebody has to know why this one does not. */
const barred = ({ degraded }: Pick<Fitness, 'degraded'>, { source }: Situation) => ({
  score: SCORE.unfit,
  degraded: degraded || source?.answers === false,
})

/** Judge the instance. One that does not serve has no score and is not readable. */
export function fitness(situation: Situation): Fitness {
  const { instance, node } = situation
  if (instance.state !== 'promoted' && instance.state !== 'unpromoted') {
    return { ...ABSENT, because: `${node} ${ABSENT.because}` }
  }
  const subject = { ...situation, facts: instance.facts }
  const rule = RULES.find(({ when }) => when(subject)) ?? ABSENT
  const because = `${node} ${rule.because}${detail(rule.because, subject)}`
  const barrier = instance.state === 'unpromoted' ? barrierTo(situation, instance.facts) : undefined
  return barrier === undefined
    ? { ...rule, because, score: withPreference(rule.score, situation) }
    : { ...rule, ...barred(rule, situation), because: `${because}; ${barrier}` }
}
