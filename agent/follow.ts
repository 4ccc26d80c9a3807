import type { SourceRecord } from '../cib/source-record.ts'
import type { Replication, ServerFacts } from '../lib/mysql/server-facts.ts'
import { type Plan, proceed } from './plan.ts'
import { judgeRejoin, pointsAt } from './rejoin.ts'
import type { Situation } from './situation.ts'

/** Make an unpromoted instance follow the recorded source, unless it follows already, or must not. */
export function follow(situation: Situation, facts: ServerFacts, record: SourceRecord): Plan {
  if (isFollowing(facts, record)) return proceed(`following ${record.node}`)

  const verdict = judgeRejoin({ ...situation, facts, record })
  if (verdict.say !== 'follow') return proceed(verdict.because)
  return proceed(`following ${record.node} from now on`, [
    ...(needsDrain(facts.replication) ? [{ do: 'drain-relay-log' } as const] : []),
    { do: 'disarm-source' },
    { do: 'arm-replica' },
    { do: 'retract-holdings' }, // before the receiver moves: they are void from then on
    { do: 'follow', source: record },
  ])
}

/** After a restart of the server a relay log may wait that nobody knows the content of, until the applier has gone through it. */
export const needsDrain = (replication: Replication | undefined): boolean =>
  replication !== undefined && !replication.applierRunning && replication.applierError === undefined

/** Whether both halves of replication run and point at the source; one that still connects counts as running. */
export function isFollowing({ replication }: ServerFacts, record: SourceRecord): boolean {
  return pointsAt(replication, record) && replication?.receiver !== 'stopped' && replication?.applierRunning === true
}
