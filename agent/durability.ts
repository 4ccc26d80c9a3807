import type { ClusterMemory } from '../cib/memory.ts'
import type { SourceRecord } from '../cib/source-record.ts'

/** When a commit returns, and what a promotion asks for. */
export interface Durability {
  /**
   * strict: a commit waits for its acknowledgements however long it takes. available: it does not while there is nobody to
   * give them, which is written into the cluster before. async: it never waits.
   */
  readonly mode: 'strict' | 'available' | 'async'
  /** How many replicas must acknowledge a commit. */
  readonly acks: number
}

/** How many acknowledgements commits are to have at best. */
export const wantedAcks = ({ mode, acks }: Durability): number => (mode === 'async' ? 0 : acks)

/** On how many ackers every acknowledged write of the record's epoch is. 0: on none for certain. */
export function certifiedAcks(record: SourceRecord, { guarantee }: Pick<ClusterMemory, 'guarantee'>): number {
  return guarantee?.epoch === record.epoch ? guarantee.acks : record.acks
}

/** Whether the source of the record has over a loss of power what it acknowledged, by the cluster's word. */
export function keepsCommits(record: SourceRecord, { guarantee }: Pick<ClusterMemory, 'guarantee'>): boolean {
  return guarantee?.epoch === record.epoch ? guarantee.synced : record.synced
}

/**
 * The nodes whose acknowledgements count in the record's epoch, but for its source. A node that has registered for the next
 * epoch already, in an election that came to nothing, still counts in this one.
 */
export function ackersOf(record: SourceRecord, { registrations }: Pick<ClusterMemory, 'registrations'>): string[] {
  const nodes = [...registrations].filter(([node, { epoch }]) => node !== record.node && epoch >= record.epoch)
  return nodes.map(([node]) => node).sort()
}

/** How many ackers of the record's epoch must answer, so that every acknowledged write is among what they hold. */
export function answersNeeded(ackers: readonly string[], acks: number): number {
  return Math.max(ackers.length - acks + 1, 1)
}
