import { barrierTo } from './barrier.ts'
import { withPreference } from './failback.ts'
import { type Fitness, RULES, type Rule, type Subject } from './fitness-rules.ts'
import { verdictOn } from './rejoin.ts'
import { SCORE } from './score.ts'
import type { Situation } from './situation.ts'

const ABSENT: Fitness = { because: 'is not serving', score: undefined, readable: false, degraded: false }

/** Judge the instance. One that does not serve has no score and is not readable. */
export function fitness(situation: Situation): Fitness {
  const { instance, node } = situation
  if (instance.state !== 'promoted' && instance.state !== 'unpromoted') {
    return { ...ABSENT, because: `${node} ${ABSENT.because}` }
  }
  const subject = { ...situation, facts: instance.facts }
  const rule = RULES.find(({ when }) => when(subject)) ?? ABSENT
  const because = `${node} ${rule.because}${detail(rule, subject)}`
  const barrier = instance.state === 'unpromoted' ? barrierTo(situation, instance.facts) : undefined
  return barrier === undefined
    ? { ...rule, because, score: withPreference(rule.score, situation) }
    : { ...rule, score: SCORE.unfit, because: `${because}; ${barrier}` }
}

/** What the server itself, or the cluster, says about it, for the sentence. */
function detail({ because }: Rule | Fitness, subject: Subject): string {
  const { facts, memory, node } = subject
  const { replication } = facts
  const verdict = because.includes('cannot follow') ? verdictOn(subject, subject.facts) : undefined
  if (verdict?.say === 'barred') return `: ${verdict.because}`
  const quarantine = memory.quarantines.get(node)
  if (because.includes('of its own') && quarantine !== undefined) return `: ${quarantine}`
  const error = replication?.applierError ?? replication?.receiverError
  if (because.includes('trails') && replication?.lagSeconds !== undefined) return `: ${replication.lagSeconds} s behind`
  return said(error)
}

/** What a server says is wrong, as the end of a sentence; nothing where it says nothing. */
export const said = (error: string | undefined): string =>
  error === undefined ? '' : `: ${error.replaceAll(/\s+/g, ' ').slice(0, 200)}`
