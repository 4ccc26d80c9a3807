import type { ServerFacts } from '../../lib/mysql/server-facts.ts'
import { type Plan, proceed } from '../plan.ts'
import type { Situation } from '../situation.ts'

/** Stop taking writes: here and not in a notification, whose result Pacemaker ignores. */
export const demotePromoted = ({ node }: Situation): Plan =>
  proceed(`${node} stops taking writes`, [{ do: 'close-writes' }, { do: 'disarm-source' }])

/** Nothing to close; the source side of semi-synchronous replication may be left of a demote that was cut short. */
export const demoteUnpromoted = (_situation: Situation, { semiSync }: ServerFacts): Plan =>
  proceed('already unpromoted', semiSync?.sourceEnabled ? [{ do: 'disarm-source' }] : [])
