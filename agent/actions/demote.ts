import { type Plan, proceed } from '../plan.ts'
import type { Situation } from '../situation.ts'

/**
 * Stop taking writes: here and not in a notification, whose result Pacemaker ignores. What the last writes are, this
 * instance says in the election like any other, and leaves behind when it is stopped. It goes on waiting for
 * acknowledgements until it follows another source: nothing is committed meanwhile, and MySQL takes a second to stop that.
 */
export function demotePromoted({ node, notification, memory }: Situation): Plan {
  const others = (notification?.active ?? []).filter(other => other !== node && !memory.quarantines.has(other))
  return proceed(`${node} stops taking writes`, [
    { do: 'close-writes' },
    ...(others.length > 0 ? [{ do: 'await-replica', nodes: others } as const] : []),
  ])
}

export const demoteUnpromoted = (): Plan => proceed('already unpromoted')
