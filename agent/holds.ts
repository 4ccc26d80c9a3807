import type { Held } from '../cib/holdings.ts'
import { type GtidSet, subtract, union } from '../lib/mysql/gtid-set.ts'
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
    const own = errant(situation, facts)
    return { by: 'gtid', flavour, set: flavour === 'mariadb' ? withoutWriters(all, own) : subtract(all, own) }
  }
  const { record } = memory
  if (!replication) return record && record.node !== node ? undefined : ownEnd(facts)
  if (record && replication.sourceHost !== record.host) return undefined
  return { by: 'coordinates', readTo: replication.readTo }
}

/**
 * On MariaDB a writer's last number stands for all before it, so what is left of a writer would name a transaction that never
 * was. Nothing is lost with the writer as a whole: what it wrote as a source, the record's position shows.
 */
const withoutWriters = (set: GtidSet, own: GtidSet): GtidSet => new Map([...set].filter(([key]) => !own.has(key)))

/**
 * Transactions that this instance wrote itself though the record names another source: every acknowledged write was part of
 * that source's history when it was promoted.
 */
export function errant({ node, memory: { record } }: Situation, facts: ServerFacts): GtidSet {
  if (record === undefined || record.node === node || record.gtid === '') return new Map()
  return ownTransactionsBeyond(facts, record.gtid)
}

/** The end of its own log: the place that replicas of the last source compare theirs with. */
const ownEnd = ({ binaryLog }: ServerFacts): Held => ({
  by: 'coordinates',
  readTo: binaryLog ?? { file: '', position: 0 },
})
