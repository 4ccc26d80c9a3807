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

export function demoteUnpromoted(situation: Situation): Plan {
  return { ...proceed('already unpromoted', giveUp(situation)), otherwise: [] }
}

/**
 * Without the ticket nobody here comes next: what this source ended with is for the other site. One that was promoted in
 * another boot may have lost the end with its power, and proves nothing by what it has now.
 */
function giveUp({ node, boot, site, memory: { record, handover } }: Situation): readonly Step[] {
  if (site === undefined || site.granted || record?.node !== node || handover?.epoch === record.epoch) return []
  if (record.boot !== boot && !record.synced) return []
  return [{ do: 'publish-handover', epoch: record.epoch }]
}
