import type { ServerFacts } from '../../lib/mysql/server-facts.ts'
import type { Situation } from '../situation.ts'

/** The other one serves nobody: it is in quarantine, away, or closed. This one serves then, whatever it lacks of it. */
export const isOnlyOne = ({ memory, pair, source }: Situation): boolean =>
  memory.quarantines.has(pair?.other ?? '') || !(source?.answers && source.writable)

/**
 * Whether this instance must stop serving, since it cannot apply what the other one wrote. Rows that both changed mostly stop
 * both, and one has to go on: the first by name waits for one more look, by which the other one has stepped aside.
 */
export function mustStepAside(situation: Situation, { writable, replication }: ServerFacts): boolean {
  const { node, pair, lastLook, memory } = situation
  if (replication?.applierError === undefined || memory.quarantines.has(pair?.other ?? '')) return false
  if (!writable) return true
  const isSecond = pair?.other !== undefined && node > pair.other
  return !isOnlyOne(situation) && (isSecond || lastLook?.stuck === true)
}
