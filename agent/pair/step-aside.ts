import type { ServerFacts } from '../../lib/mysql/server-facts.ts'
import type { Situation } from '../situation.ts'

/** The other one is in quarantine: this one serves, whatever it lacks of it. */
export const isOnlyOne = ({ memory, pair }: Situation): boolean => memory.quarantines.has(pair?.other ?? '')

/**
 * Whether this instance must stop serving, since it cannot apply what the other one wrote. Rows that both changed mostly stop
 * both, and one has to go on: the first by name waits for one more look, by which the other one has stepped aside.
 */
export function mustStepAside(situation: Situation, { writable, replication }: ServerFacts): boolean {
  const { node, pair, lastLook } = situation
  if (replication?.applierError === undefined || isOnlyOne(situation)) return false
  const isSecond = pair?.other !== undefined && node > pair.other
  return !writable || isSecond || lastLook?.stuck === true
}
