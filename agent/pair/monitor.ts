import type { ServerFacts } from '../../lib/mysql/server-facts.ts'
import { MONITOR } from '../actions/monitor.ts'
import { certify } from '../certify.ts'
import { whyClosed } from '../closure.ts'
import { OCF } from '../exit-code.ts'
import { isolate } from '../follow.ts'
import { type Plan, proceed, refuse } from '../plan.ts'
import type { InstanceState, Situation } from '../situation.ts'
import { pairFitness } from './fitness.ts'
import { keepInTouch } from './follow-other.ts'
import { forgetGivenUp } from './given-up.ts'
import { mustStepAside } from './step-aside.ts'

/**
 * Say what is, and keep true what the cluster knows: as a source of its own writes, and as a replica of the other one's. An
 * instance that cannot apply what the other one wrote goes into quarantine, since it does not have what was acknowledged.
 */
export const PAIR_MONITOR: { readonly [State in InstanceState]: (situation: Situation) => Plan } = {
  ...MONITOR,
  unpromoted: situation => serving(situation, OCF.SUCCESS, OCF.DEGRADED),
  promoted,
}

function promoted(situation: Situation): Plan {
  const closed = whyClosed(situation)
  if (closed === undefined) return serving(situation, OCF.RUNNING_PROMOTED, OCF.DEGRADED_PROMOTED)
  return refuse(closed, OCF.FAILED_PROMOTED, [{ do: 'close-writes' }, { do: 'relax-source' }])
}

function serving(situation: Situation, healthy: number, degraded: number): Plan {
  const { because, degraded: isDegraded } = pairFitness(situation)
  const next = (isDegraded ? degraded : healthy) as Plan['next']
  const { instance } = situation
  if (!('facts' in instance)) return proceed(because)
  const measures = [apart(situation, instance.facts, because), commits(situation, instance.facts)]
  measures.push(measures[0] === undefined ? touch(situation, instance.facts) : undefined)
  const steps = measures.flatMap(measure => measure?.steps ?? [])
  if (steps.length === 0) return { because, steps, next }
  const reasons = measures.flatMap(measure => (measure && measure.steps.length > 0 ? [measure.because] : []))
  return { because: [...new Set([because, ...reasons])].join(': '), steps, next, otherwise: [] }
}

type Measure = Pick<Plan, 'because' | 'steps'> | undefined

/** Its writes stay where they are, and the other one goes on fetching them. */
function apart(situation: Situation, facts: ServerFacts, because: string): Measure {
  const isApart = situation.memory.quarantines.has(situation.node)
  return isApart || mustStepAside(situation, facts) ? isolate(situation, because) : undefined
}

const commits = (situation: Situation, facts: ServerFacts): Measure =>
  facts.writable ? certify(situation, facts) : undefined

/** Only with the other one's own word. An error that the applier stopped with would come again; the operator must see it. */
function touch(situation: Situation, facts: ServerFacts): Measure {
  if (facts.replication?.applierError !== undefined) return forgetGivenUp(situation, facts)
  return situation.source?.answers ? keepInTouch(situation, facts) : undefined
}
