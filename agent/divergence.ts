import type { SourceRecord } from '../cib/source-record.ts'
import type { GtidSet } from '../lib/mysql/gtid-set.ts'
import { formatGtidSet } from '../lib/mysql/gtid-text.ts'
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
  const mayReplace =
    onDiverged === 'reseed' && !record.doubted.includes(node) && source?.answers === true && source.writable
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

/** Where a person goes on from here. */
export const remedyOn = (node: string) => `run heir rejoin on ${node}`
