import type { ServerFacts } from '../../lib/mysql/server-facts.ts'
import { type Plan, proceed, type Step } from '../plan.ts'
import type { Situation } from '../situation.ts'

/** Stop taking writes: here and not in a notification, whose result Pacemaker ignores. */
export function demotePromoted(situation: Situation): Plan {
  const { node, notification, memory } = situation
  const others = (notification?.active ?? []).filter(other => other !== node && !memory.quarantines.has(other))
  return proceed(`${node} stops taking writes`, [
    { do: 'close-writes' },
    ...handOver(situation),
    ...(others.length > 0 ? [{ do: 'await-replica', nodes: others } as const] : []),
    { do: 'disarm-source' },
  ])
}

/** What the last writes were, for whoever comes next: with them, nobody else has to answer. */
export function handOver({ node, memory: { record } }: Situation): readonly Step[] {
  return record?.node === node ? [{ do: 'publish-handover', epoch: record.epoch }] : []
}

/** Nothing to close; the source side of semi-synchronous replication may be left of a demote that was cut short. */
export function demoteUnpromoted(situation: Situation, { semiSync }: ServerFacts): Plan {
  const unfinished = semiSync?.sourceEnabled ? [...handOver(situation), { do: 'disarm-source' } as const] : []
  return proceed('already unpromoted', unfinished)
}
