import { handOver } from '../handover.ts'
import { type Plan, proceed, type Step } from '../plan.ts'
import type { Situation } from '../situation.ts'

/**
 * Stop taking writes: here and not in a notification, whose result Pacemaker ignores. What the last writes are, this
 * instance says in the election like any other, and leaves behind when it is stopped. It goes on waiting for
 * acknowledgements until it follows another source: nothing is committed meanwhile, and MySQL takes a second to stop that.
 */
export function demotePromoted(situation: Situation): Plan {
  const { node, notification, memory } = situation
  const others = (notification?.active ?? []).filter(other => other !== node && !memory.quarantines.has(other))
  const plan = proceed(`${node} stops taking writes`, [
    { do: 'close-writes' },
    ...(others.length > 0 ? [{ do: 'await-replica', nodes: others } as const] : []),
  ])
  const ending = giveUp(situation)
  if (ending.length === 0) return plan
  return { ...plan, steps: [...plan.steps, { do: 'await-followers' }, ...ending], otherwise: [] }
}

/** It takes no writes already, but may not have said with what it ended. */
export function demoteUnpromoted(situation: Situation): Plan {
  return { ...proceed('already unpromoted', giveUp(situation)), otherwise: [] }
}

/** Without the ticket nobody here comes next: what this source ended with is for the other site. */
function giveUp(situation: Situation): readonly Step[] {
  const { site } = situation
  return site === undefined || site.granted ? [] : handOver(situation)
}
