import { type GtidSet, subtract } from '../../lib/mysql/gtid-set.ts'
import { describeGtidSet, parseGtidSet } from '../../lib/mysql/gtid-text.ts'
import { ownTransactions } from '../../lib/mysql/own-transactions.ts'
import type { ServerFacts } from '../../lib/mysql/server-facts.ts'
import type { Situation } from '../situation.ts'

/**
 * What this instance wrote itself, by the word of the other one, and does not hold any more: its data are older than its
 * writes. It would never get them back, since a replica passes over what bears its own name. While the other one is away, by
 * the word of its own record. Only while it takes no writes: the other one is asked after it was read.
 */
function lostWrites({ source, memory: { record } }: Situation, facts: ServerFacts): GtidSet {
  if (source === undefined) return new Map()
  const known = source.answers ? source.executed : parseGtidSet(facts.flavour, record?.gtid ?? '')
  return subtract(ownTransactions(facts, known), facts.executed)
}

/** The same as a sentence with the remedy; undefined where nothing is lost. */
export function lossSentence(situation: Situation, facts: ServerFacts): string | undefined {
  const lost = lostWrites(situation, facts)
  if (facts.writable || lost.size === 0) return undefined
  const { node, pair, source } = situation
  const whose = source?.answers ? ` and ${pair?.other} has` : ''
  return `${node} lacks what it wrote itself${whose}: ${describeGtidSet(facts.flavour, lost)}; run heir seed on ${node}`
}
