import type { Held } from '../../cib/holdings.ts'
import { union } from '../../lib/mysql/gtid-set.ts'
import type { ServerFacts } from '../../lib/mysql/server-facts.ts'
import { elect, type Verdict } from '../election.ts'
import { lookAgain, type Plan, proceed, refuse, type Step } from '../plan.ts'
import type { Situation } from '../situation.ts'

/** How many replicas must acknowledge a commit before the client has its answer. */
const ACKS = 1

/**
 * Make this instance the source.
 *
 * Pacemaker picked it by promotion scores, which are as old as the last monitors. So look at what every instance
 * published on pre-promote, with its receiver stopped: take over only with everything that anyone received.
 */
export function promoteUnpromoted(situation: Situation, facts: ServerFacts): Plan {
  const { node, quorate, notification, instances, record, quarantine } = situation
  if (!quorate) return refuse(`${node} is outside of the quorate partition`)
  if (quarantine !== undefined) return refuse(`${node} is in quarantine: ${quarantine}`)
  if (instances > 1 && !notification)
    return refuse('the clone has no notifications: set its meta attribute notify=true')
  if (facts.replication && facts.replication.receiver !== 'stopped') {
    return lookAgain('holding the receiver still', [{ do: 'stop-receiver' }])
  }

  const held = holds(situation, facts)
  if (!held)
    return refuse(`${node} does not follow the recorded source ${record?.host}, so nothing shows what it lacks`)
  const verdict = elect({ node, held }, situation.peers)
  if (verdict.say === 'refuse') return refuse(verdict.because)
  return proceed(sentence(node, verdict), takeOver(situation, facts, verdict))
}

/** Also the state of a server that a promote has opened before it was cut short; there is nothing left to do then. */
export function promotePromoted({ node, record }: Situation): Plan {
  if (record?.node === node) return proceed('already promoted')
  return lookAgain('mysqld takes writes but the cluster does not name it as its source', [{ do: 'close-writes' }])
}

/** What this instance holds: executed or received. Undefined without GTIDs on a channel whose coordinates mean nothing here. */
export function holds({ byGtid, record, node }: Situation, facts: ServerFacts): Held | undefined {
  const { replication, executed, flavour } = facts
  if (byGtid) return { by: 'gtid', flavour, set: replication ? union(executed, replication.received) : executed }
  if (!replication) return record && record.node !== node ? undefined : ownEnd(facts)
  if (record && replication.sourceHost !== record.host) return undefined
  return { by: 'coordinates', readTo: replication.readTo }
}

/** The end of its own log: the place that replicas of the last source compare theirs with. */
const ownEnd = ({ binaryLog }: ServerFacts): Held => ({
  by: 'coordinates',
  readTo: binaryLog ?? { file: '', position: 0 },
})

function takeOver({ instances, record }: Situation, { replication }: ServerFacts, verdict: Verdict): readonly Step[] {
  const drain: readonly Step[] = replication ? [{ do: 'drain-relay-log' }] : []
  const catchUp: readonly Step[] = verdict.say === 'catch-up' ? [{ do: 'catch-up-from', peer: verdict.from }] : []
  const forget: readonly Step[] = replication || catchUp.length > 0 ? [{ do: 'forget-source' }] : []
  const arm: Step = instances > 1 ? { do: 'arm-source', acks: ACKS } : { do: 'disarm-source' }
  return [
    ...drain,
    ...catchUp,
    ...forget,
    { do: 'disarm-replica' },
    arm, // before writes open: the first commit is waited for like any other
    { do: 'publish-source', epoch: (record?.epoch ?? 0) + 1 },
    { do: 'open-writes' }, // last: nothing is written before the others know whom to follow
  ]
}

function sentence(node: string, verdict: Verdict): string {
  if (verdict.say !== 'catch-up') return `${node} holds every transaction that anyone received`
  return `${node} takes what it lacks from ${verdict.from.node}, which holds every transaction that anyone received`
}
