import { isAway, type SourceRecord } from '../cib/source-record.ts'
import type { GtidSet } from '../lib/mysql/gtid-set.ts'
import { describeGtidSet, formatGtidSet } from '../lib/mysql/gtid-text.ts'
import type { FlavourName } from '../lib/mysql/server-facts.ts'
import type { Situation } from './situation.ts'

interface Policy extends Pick<Situation, 'node' | 'source' | 'onDiverged'> {
  readonly record: SourceRecord
}

/**
 * What becomes of data that differ. They are replaced only where the parameter says so, and where nothing that was
 * acknowledged can be among what is lost: the source is there, and holds every acknowledged write of this node for certain.
 */
export function setAside({ node, source, record, onDiverged }: Policy, because: string) {
  const isDoubted = record.doubted.includes(node) || (isAway(record) && !record.proven)
  const mayReplace = onDiverged === 'reseed' && !isDoubted && source?.answers === true && source.writable
  return { say: mayReplace ? 'reseed' : 'quarantine', because } as const
}

/** Why what only this node holds is neither cut nor replaced without a person. */
export const doubtSentence = (node: string) =>
  `${node} was not heard when a source was promoted without proof, so what only ${node} holds may have been acknowledged`

/** What is wrong with a node that holds these transactions, and what helps. */
export function errantSentence(node: string, source: string, flavour: FlavourName, errant: GtidSet): string {
  const gtids = formatGtidSet(flavour, errant).slice(0, 200)
  return `${node} holds transactions that ${source} lacks: ${gtids}; ${remedyOn(node)}`
}

/** The same for a node that lacks transactions which it wrote itself: its data are an older copy. */
export function outdatedSentence(node: string, flavour: FlavourName, lacked: GtidSet): string {
  return `${node} lacks transactions that it wrote itself${outdatedDetail(node, flavour, lacked)}`
}

/** The end of that sentence: what that means, and what helps. */
export function outdatedDetail(node: string, flavour: FlavourName, lacked: GtidSet): string {
  return `, and would skip as a replica: ${describeGtidSet(flavour, lacked)}; run heir seed on ${node}`
}

/** The same for a replica that has skipped these, and follows all the same. */
export function skippedDetail(node: string, flavour: FlavourName, lacked: GtidSet): string {
  return `, as those of its own server_id: ${describeGtidSet(flavour, lacked)}; run heir seed --discard on ${node}`
}

/** Where a person goes on from here. */
export const remedyOn = (node: string) => `run heir rejoin on ${node}`
