import type { Held } from '../cib/holdings.ts'
import { empty, type GtidSet, isEmpty, subtract, union } from '../lib/mysql/gtid-set.ts'
import { parseGtidSet } from '../lib/mysql/gtid-text.ts'
import { ownTransactions, ownTransactionsBeyond, ownTransactionsLacked } from '../lib/mysql/own-transactions.ts'
import type { ServerFacts } from '../lib/mysql/server-facts.ts'
import type { Holder } from './holder.ts'
import type { AnsweringInstance, Situation } from './situation.ts'

/**
 * What this instance holds: executed or received. But not what it wrote itself while another was the source, which nobody
 * acknowledged. Undefined without GTIDs on a channel whose coordinates mean nothing here.
 */
export function holds(situation: Situation, facts: ServerFacts): Held | undefined {
  const { byGtid, node, memory } = situation
  const { replication, flavour } = facts
  if (byGtid) return { by: 'gtid', flavour, set: subtract(allOf(facts), errant(situation, facts)) }
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

/**
 * Transactions that this instance wrote itself and lacks, as the record shows, or the source where that has been asked. Its
 * data are older than the time when it was the source: what it answers is not what it acknowledged, and it can fetch none of it.
 */
export function outdated({ byGtid, memory: { record }, source }: Outlook, facts: ServerFacts): GtidSet {
  if (!byGtid || facts.writable || record === undefined) return empty
  const recorded = ownLacked(facts, parseGtidSet(facts.flavour, record.gtid))
  return source?.answers ? union(recorded, ownLacked(facts, source.executed)) : recorded
}

/**
 * What the source held when it was promoted, and this replica lacks though it has some of what the source wrote since: that
 * comes in order, so it was skipped. A replica skips what bears its server_id, also where its server_uuid is a new one, as with
 * a copy of older data by hand. On MySQL alone: MariaDB's sets do not show gaps.
 */
export function skipped({ byGtid, node, memory: { record } }: Situation, facts: ServerFacts): GtidSet {
  if (!byGtid || facts.flavour !== 'mysql' || facts.writable || record === undefined || record.node === node)
    return empty
  const history = parseGtidSet(facts.flavour, record.gtid)
  const since = subtract(allOf(facts), history)
  const isPast = [...since.keys()].some(key => key.split(':')[0] === record.server.toLowerCase())
  return isPast ? subtract(history, allOf(facts)) : empty
}

/** The same without what those servers wrote, named as in their records; without GTIDs all of it. */
export function withoutWritesOf(servers: readonly string[], held: Held): Held {
  if (held.by !== 'gtid') return held
  const { flavour } = held
  const writes = servers.map(server =>
    ownTransactions({ flavour, serverId: Number(server), serverUuid: server }, held.set),
  )
  return { ...held, set: writes.reduce(subtract, held.set) }
}

/** What an instance is compared with. */
type Outlook = Pick<Situation, 'byGtid' | 'memory' | 'source'>

/** Those of a set that another instance wrote itself. */
export const writtenBy = (writer: AnsweringInstance, set: GtidSet): GtidSet =>
  ownTransactions({ ...writer, flavour: writer.serverUuid === undefined ? 'mariadb' : 'mysql' }, set)

/** Whoever holds what this instance wrote itself and lacks; undefined where nobody does. */
export function keeperOf(facts: ServerFacts, holders: readonly Holder[]): Holder | undefined {
  return holders.find(({ held }) => held.by === 'gtid' && !isEmpty(ownLacked(facts, held.set)))
}

const ownLacked = (facts: ServerFacts, theirs: GtidSet) =>
  ownTransactionsLacked({ ...facts, executed: allOf(facts) }, theirs)

/** Executed or received. */
export const allOf = ({ executed, replication }: ServerFacts): GtidSet =>
  replication ? union(executed, replication.received) : executed

/** The end of its own log: the place that replicas of the last source compare theirs with. */
const ownEnd = ({ binaryLog }: ServerFacts): Held => ({
  by: 'coordinates',
  readTo: binaryLog ?? { file: '', position: 0 },
})
