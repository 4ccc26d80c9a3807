import { count, isEmpty, subtract, union } from '../lib/mysql/gtid-set.ts'
import { isServedBy } from '../lib/mysql/purged.ts'
import type { Replication } from '../lib/mysql/server-facts.ts'
import { needsDrain, pointsAt } from './channel.ts'
import { setAside } from './divergence.ts'
import type { Rejoiner, RejoinVerdict } from './rejoin.ts'
import type { InstanceView } from './situation.ts'

/** The replica with the most of what is missing; the one that is followed already, as long as it serves. */
export function fetchElsewhere(subject: Rejoiner): RejoinVerdict | undefined {
  const { node, facts, record, neighbours, memory } = subject
  if (!isStranded(subject)) return undefined
  const donors = [...neighbours].filter(
    ([other, view]) => !memory.quarantines.has(other) && serves(subject, other, view),
  )
  const best = donors.toSorted(([, a], [, b]) => amount(b) - amount(a))[0]?.[0]
  const current = facts.replication?.sourceHost
  const from = donors.some(([other]) => other === current) ? current : best
  if (from === undefined) return undefined
  return {
    say: 'fetch',
    from,
    because: `${node} fetches from ${from} what ${record.node} no longer has in its binary logs`,
  }
}

const amount = (view: InstanceView) => (view.answers ? count(view.executed) : 0)

/** Whether it is a replica that has all that is needed until the source can take over. */
function serves({ facts, source, record }: Rejoiner, other: string, view: InstanceView): boolean {
  if (!view.answers || !source?.answers || view.purged === undefined || view.writable) return false
  const isRefused = facts.replication?.sourceHost === other && lacksLogs(facts.replication)
  const isSound = isEmpty(subtract(view.executed, source.executed)) && other !== record.node
  const bridges = source.purged !== undefined && isServedBy(facts.flavour, view.executed, source.purged)
  return isSound && bridges && !isRefused && isServedBy(facts.flavour, facts.executed, view.purged)
}

/** Nobody has what is needed: only a rebuild helps. */
export function stranded(subject: Rejoiner): RejoinVerdict | undefined {
  const { node, record } = subject
  if (!isStranded(subject)) return undefined
  const because = `${node} needs binary logs that ${record.node} has purged, and no other replica has them: run heir seed on ${node}`
  return setAside(subject, because).say === 'reseed' ? { say: 'reseed', because } : { say: 'barred', because }
}

/**
 * What waits in a relay log after a restart is applied first: nobody knows what that is. What was received from another one than
 * the source goes with the change to the source, and does not count.
 */
function isStranded({ facts, record, source }: Rejoiner): boolean {
  const { replication, executed } = facts
  if (!source?.answers || needsDrain(replication)) return false
  const held = replication && pointsAt(replication, record) ? union(executed, replication.received) : executed
  if (source.purged !== undefined) return !isServedBy(facts.flavour, held, source.purged)
  return pointsAt(replication, record) && lacksLogs(replication)
}

/** The receiver has ended because its source has purged what it asked for. */
function lacksLogs(replication: Replication | undefined): boolean {
  return replication?.receiver === 'stopped' && /purged/.test(replication.receiverError ?? '')
}
