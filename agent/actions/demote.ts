import type { ServerFacts } from '../../lib/mysql/server-facts.ts'
import { type Plan, proceed } from '../plan.ts'
import type { Situation } from '../situation.ts'

/**
 * Stop taking writes: here and not in a notification, whose result Pacemaker ignores. What the last writes are, this
 * instance says in the election like any other, and leaves behind when it is stopped.
 */
export function demotePromoted({ node, notification, memory }: Situation): Plan {
  const others = (notification?.active ?? []).filter(other => other !== node && !memory.quarantines.has(other))
  return proceed(`${node} stops taking writes`, [
    { do: 'close-writes' },
    ...(others.length > 0 ? [{ do: 'await-replica', nodes: others } as const] : []),
    { do: 'disarm-source' },
  ])
}

/** Nothing to close; the source side of semi-synchronous replication may be left of a demote that was cut short. */
export const demoteUnpromoted = (_situation: Situation, { semiSync }: ServerFacts): Plan =>
  proceed('already unpromoted', semiSync?.sourceEnabled ? [{ do: 'disarm-source' }] : [])
