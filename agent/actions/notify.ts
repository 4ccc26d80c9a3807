import type { ServerFacts } from '../../lib/mysql/server-facts.ts'
import { becomeAcker, isRegistered } from '../acknowledging.ts'
import { needsDrain } from '../channel.ts'
import { follow, isFollowing } from '../follow.ts'
import { type Plan, proceed } from '../plan.ts'
import type { Situation } from '../situation.ts'

// Nothing that safety needs is done here alone: promote waits for what pre-promote publishes, monitor repeats post-promote.

/**
 * An election is about to be held: hold the receiver still and say what is here. A stopped receiver also takes back the
 * acknowledgements that a source which is still alive somewhere would wait for.
 */
export function prePromote({ memory }: Situation, { replication }: ServerFacts): Plan {
  return proceed('publishing what this node holds', [
    ...(replication ? [{ do: 'stop-receiver' } as const] : []),
    ...(needsDrain(replication) ? [{ do: 'drain-relay-log' } as const] : []), // MariaDB has forgotten what it received
    { do: 'publish-holdings', epoch: memory.record?.epoch ?? 0 },
  ])
}

/** There is a new source: follow it. */
export function postPromote(situation: Situation, facts: ServerFacts): Plan {
  const {
    node,
    memory: { record },
  } = situation
  if (!record) return proceed('the cluster has no record of a source')
  if (record.node === node) return proceed('this node is the source')
  // The new source has registered it a moment ago, with the record.
  const mending = isFollowing(facts, record) ? becomeAcker(situation, facts, record) : undefined
  return mending ?? follow(situation, facts, record, isRegistered(situation, facts, record))
}
