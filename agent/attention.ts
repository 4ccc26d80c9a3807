import { isAway, type SourceRecord } from '../cib/source-record.ts'
import type { ServerFacts } from '../lib/mysql/server-facts.ts'
import { isAcknowledging } from './acknowledging.ts'
import { isIrregular } from './certify.ts'
import { whyClosed } from './closure.ts'
import { isFollowing } from './follow.ts'
import { errant, outdated } from './holds.ts'
import type { Situation } from './situation.ts'

/** Whether this source's commits are not acknowledged as they should be: then the cluster and the ackers are asked. */
export function needsCertifying(noticed: Situation): boolean {
  const { instance, node, memory } = noticed
  return instance.state === 'promoted' && memory.record?.node === node && isIrregular(noticed, instance.facts)
}

/** Whether it takes writes and must not, by a memory that may be older than its promotion: a copy is written after the fact. */
export const isToBeClosed = (noticed: Situation): boolean =>
  noticed.instance.state === 'promoted' && whyClosed(noticed) !== undefined

/** Whether there is a source on record that this instance ought to follow, with all that belongs to it, and does not. */
export function strays(noticed: Situation): boolean {
  const { node, instance, memory, durability } = noticed
  const { record } = memory
  if (record === undefined) return false
  if (instance.state === 'promoted') return isToBeClosed(noticed)
  if (record.node === node) return false
  if (instance.state === 'stopped') return true
  if (instance.state !== 'unpromoted') return false
  const { facts } = instance
  const receives = facts.replication !== undefined && facts.replication.receiver !== 'stopped'
  if (memory.quarantines.has(node)) return receives || noticed.onDiverged === 'reseed'
  if (errant(noticed, facts).size > 0 || outdated(noticed, facts).size > 0) return true
  const acknowledges = durability.mode === 'async' || isAway(record) || isAcknowledging(noticed, facts, record)
  return !isReceiving(facts, record) || !acknowledges
}

/** Whether it follows the source and has it in sight. */
export const isReceiving = (facts: ServerFacts, record: SourceRecord) =>
  isFollowing(facts, record) && facts.replication?.receiver === 'running'
