import { stayingPromoted } from '../../cib/notification.ts'
import type { ServerFacts } from '../../lib/mysql/server-facts.ts'
import { demotePromoted } from '../actions/demote.ts'
import { stopPromoted, stopUnpromoted } from '../actions/stop.ts'
import { needsDrain } from '../channel.ts'
import { lookAgain, type Plan, proceed, type Step } from '../plan.ts'
import type { Situation } from '../situation.ts'
import { TRANSITIONS, type Transitions } from '../transitions.ts'
import { keepInTouch } from './follow-other.ts'
import { forgetGivenUp } from './given-up.ts'
import { PAIR_MONITOR } from './monitor.ts'
import { asReplica } from './pair-view.ts'
import { promotePairPromoted, promotePairUnpromoted } from './promote.ts'

/** What each action does to an instance of a pair, in which both take writes. What is not named here is as for a single primary. */
export const PAIR_TRANSITIONS: Transitions = {
  start: {
    ...TRANSITIONS.start,
    stopped: () => lookAgain('starting mysqld', [{ do: 'launch-server' }]), // its tail is its own: the other one fetches it
    unpromoted: startUnpromoted,
  },
  stop: {
    ...TRANSITIONS.stop,
    unpromoted: stillFirst(stopUnpromoted, [{ do: 'stop-receiver' }, { do: 'drain-relay-log' }]),
    promoted: stillFirst(stopPromoted, [{ do: 'stop-receiver' }]),
  },
  monitor: PAIR_MONITOR,
  promote: { ...TRANSITIONS.promote, unpromoted: promotePairUnpromoted, promoted: promotePairPromoted },
  demote: { ...TRANSITIONS.demote, promoted: demotePair },
  'pre-promote': { ...TRANSITIONS['pre-promote'], unpromoted: testify, promoted: testify },
  'post-promote': { ...TRANSITIONS['post-promote'], unpromoted: followNew, promoted: followNew },
}

function startUnpromoted(situation: Situation, facts: ServerFacts): Plan {
  const { notification } = situation
  const { record } = asReplica(situation).memory
  if (record === undefined) return proceed('started; the other node has taken no writes yet')
  if (notification && !stayingPromoted(notification).includes(record.node))
    return proceed(`started; ${record.node} is not promoted now`)
  return keepInTouch(situation, facts) ?? proceed(`started; following ${record.node}`)
}

/** What it holds must stand still while it is handed over: the other one's writes come in as well. */
function stillFirst(stop: (situation: Situation, facts: ServerFacts) => Plan, still: readonly Step[]) {
  return (situation: Situation, facts: ServerFacts): Plan => {
    const plan = stop(situation, facts)
    const receives = facts.replication !== undefined && facts.replication.receiver !== 'stopped'
    const isPublished = plan.steps.some(step => step.do === 'publish-handover')
    if (!receives || !isPublished) return plan
    return { ...plan, steps: plan.steps.flatMap(step => (step.do === 'publish-handover' ? [...still, step] : [step])) }
  }
}

/** Nothing is acknowledged any more once writes are closed; what the applier commits must not wait either. */
function demotePair(situation: Situation): Plan {
  const plan = demotePromoted(situation)
  return { ...plan, steps: [...plan.steps, { do: 'relax-source' }] }
}

/**
 * Say what is here, whether writes are open or not: the one that is promoted needs to know it, and on whom it can rely. Not
 * what those write who go on with it. After a restart MariaDB has forgotten what it received, in which the other one's own
 * writes may be that it has lost.
 */
function testify(situation: Situation, facts: ServerFacts): Plan {
  const { memory, notification } = situation
  const { replication } = facts
  const staying = notification ? stayingPromoted(notification) : []
  const records = [memory.record, asReplica(situation).memory.record]
  const without = records.flatMap(record => (record && staying.includes(record.node) ? [record.server] : []))
  const isForgetful = replication?.receiver === 'stopped' && needsDrain(replication)
  const drain: readonly Step[] = isForgetful ? [{ do: 'drain-relay-log' }] : []
  const epoch = memory.record?.epoch ?? 0
  return proceed('publishing what this node holds', [
    ...(forgetGivenUp(situation, facts)?.steps ?? drain),
    { do: 'publish-holdings', epoch, ...(without.length > 0 && { without }) },
  ])
}

/** The other one takes writes from now on. It has registered this one with its record. */
function followNew(situation: Situation, facts: ServerFacts): Plan {
  const { record } = asReplica(situation).memory
  if (record === undefined) return proceed('the cluster has no record of the other source')
  return keepInTouch(situation, facts, true) ?? proceed(`following ${record.node}`)
}
