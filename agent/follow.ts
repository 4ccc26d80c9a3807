import type { SourceRecord } from '../cib/source-record.ts'
import type { ServerFacts } from '../lib/mysql/server-facts.ts'
import { isAcknowledging } from './acknowledging.ts'
import { needsDrain, pointsAt } from './channel.ts'
import { setAside } from './divergence.ts'
import { type Plan, proceed, type Step } from './plan.ts'
import { judgeRejoin } from './rejoin.ts'
import type { Situation } from './situation.ts'

/**
 * Make an unpromoted instance follow the recorded source, unless it follows already, or must not. It acknowledges if it did
 * so before, and where it is told to: one that was down may be about to lose its registration, and gives its word anew in its
 * next monitor.
 */
export function follow(
  situation: Situation,
  facts: ServerFacts,
  record: SourceRecord,
  mayAcknowledge = isAcknowledging(situation, facts, record),
): Plan {
  if (isFollowing(facts, record)) return proceed(`following ${record.node}`)

  const verdict = judgeRejoin({ ...situation, facts, record })
  switch (verdict.say) {
    case 'wait':
    case 'barred':
      return proceed(verdict.because)
    case 'quarantine':
      return isolate(situation, verdict.because)
    case 'reseed':
      return reseed(situation, verdict.because)
    case 'fetch':
      return fetchFrom(verdict.from, verdict.because, facts)
    case 'follow':
      return proceed(`following ${record.node} from now on`, [
        ...before(facts, mayAcknowledge),
        { do: 'follow', source: record },
      ])
  }
}

/** What comes before a receiver is moved. */
function before(facts: ServerFacts, mayAcknowledge: boolean): readonly Step[] {
  return [
    ...(needsDrain(facts.replication) ? [{ do: 'drain-relay-log' } as const] : []),
    { do: 'disarm-source' },
    { do: mayAcknowledge ? 'arm-replica' : 'disarm-replica' },
    { do: 'retract-holdings' }, // they are void from then on
  ]
}

/** Follow another replica for a while. It acknowledges nothing meanwhile. */
function fetchFrom(node: string, because: string, facts: ServerFacts): Plan {
  const { replication } = facts
  const isFetching =
    replication?.sourceHost === node && replication.receiver !== 'stopped' && replication.applierRunning
  return proceed(because, isFetching ? [] : [...before(facts, false), { do: 'follow-replica', node }])
}

/** What becomes of an instance whose data differ: it is kept apart, or rebuilt. */
export function putAside(situation: Situation, record: SourceRecord, because: string): Plan {
  const verdict = setAside({ ...situation, record }, because)
  return verdict.say === 'reseed' ? reseed(situation, because) : isolate(situation, because)
}

/** Replace the data of this node by those of the cluster. Until that is done they are used as little as those in quarantine. */
function reseed(situation: Situation, because: string): Plan {
  const plan = isolate(situation, because)
  return { ...plan, steps: [...plan.steps, { do: 'seed', because }] }
}

/** Keep this node's data from being used until somebody has looked at it: nobody may rely on its acknowledgements either. */
export function isolate({ node, memory, instance }: Situation, because: string): Plan {
  const receives =
    'facts' in instance && instance.facts.replication && instance.facts.replication.receiver !== 'stopped'
  return proceed(because, [
    ...(memory.quarantines.has(node) ? [] : [{ do: 'quarantine', because } as const]),
    ...(receives ? [{ do: 'disarm-replica' } as const, { do: 'stop-receiver' } as const] : []),
  ])
}

/** Whether both halves of replication run and point at the source; one that still connects counts as running. */
export function isFollowing({ replication }: ServerFacts, record: SourceRecord): boolean {
  return pointsAt(replication, record) && replication?.receiver !== 'stopped' && replication?.applierRunning === true
}
