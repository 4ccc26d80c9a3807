import type { Held } from '../cib/holdings.ts'
import { type GtidSet, subtract, union } from '../lib/mysql/gtid-set.ts'
import { parseGtidSet } from '../lib/mysql/gtid-text.ts'
import { ownTransactionsBeyond } from '../lib/mysql/own-transactions.ts'
import type { ServerFacts } from '../lib/mysql/server-facts.ts'
import type { Situation } from './situation.ts'

/**
 * What this instance holds: executed or received. But not what it wrote itself while another was the source, which nobody
 * acknowledged. Undefined without GTIDs on a channel whose coordinates mean nothing here.
 */
export function holds(situation: Situation, facts: ServerFacts): Held | undefined {
  const { byGtid, node, memory } = situation
  const { replication, executed, flavour } = facts
  if (byGtid) {
    const all = replication ? union(executed, replication.received) : executed
    return { by: 'gtid', flavour, set: subtract(all, errant(situation, facts)) }
  }
  const { record } = memory
  if (record === undefined ? !replication : record.node === node) return ownEnd(facts)
  if (!replication) return undefined
  if (record && replication.sourceHost !== record.host) return undefined
  return { by: 'coordinates', readTo: replication.readTo }
}

/**
 * Transactions that this instance wrote itself though the record names another source: every acknowledged write was part of
 * that source's history when it was promoted. Of a pair each instance writes, so that none are.
 */
export function errant({ node, memory: { record }, pair }: Situation, facts: ServerFacts): GtidSet {
  if (pair !== undefined || record === undefined || record.node === node || record.gtid === '') return new Map()
  return ownTransactionsBeyond(facts, parseGtidSet(facts.flavour, record.gtid))
}

/** The end of its own log: the place that replicas of the last source compare theirs with. */
const ownEnd = ({ binaryLog }: ServerFacts): Held => ({
  by: 'coordinates',
  readTo: binaryLog ?? { file: '', position: 0 },
})
