import type { ServerFacts } from '../../lib/mysql/server-facts.ts'
import { outdatedSentence } from '../divergence.ts'
import { outdated } from '../holds.ts'
import type { Situation } from '../situation.ts'
import { asReplica } from './pair-view.ts'

/**
 * What this instance wrote itself and does not hold any more, as a sentence with the remedy: its data are older than its
 * writes. By the word of the other one, and while that is away, of its own record; undefined where nothing is lacking, or
 * the other one has not been asked.
 */
export function lossSentence(situation: Situation, facts: ServerFacts): string | undefined {
  const { node, source } = situation
  if (source === undefined) return undefined
  const lacked = outdated(source.answers ? asReplica(situation) : situation, facts)
  return lacked.size === 0 ? undefined : outdatedSentence(node, facts.flavour, lacked)
}
