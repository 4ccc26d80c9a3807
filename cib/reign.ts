import { ATTRIBUTES } from './attributes.ts'
import { parseCib } from './cib-text.ts'
import { type ClusterMemory, parseMemory } from './memory.ts'
import { parsePresence } from './partition.ts'

// Where two instances take writes, each is a source with a record, a guarantee and ackers of its own: a reign for each node.
// Its attributes have the names that those of the resource would have, with the node behind the resource's name. There is no
// "." in the name of a resource.

/** What the names of the attributes of one node's reign begin with. */
export const reignOf = (resource: string, node: string): string => `${resource}.${node}`

/** The reigns of two instances that both take writes, as one of them sees them. */
interface PairMemory {
  readonly own: ClusterMemory
  /** The other node; undefined before it was promoted for the first time. */
  readonly other: string | undefined
  /** Its reign; blank before that. */
  readonly others: ClusterMemory
}

/**
 * Read both from the text of the CIB. Throws Failure `unintelligible`, naming the attribute, for a value of another form.
 */
export function parsePairMemory(resource: string, node: string, cib: string): PairMemory {
  const { properties } = parseCib(cib)
  const other = parsePresence(cib).nodes.find(
    one => one !== node && properties.has(ATTRIBUTES.sourceRecord(reignOf(resource, one))),
  )
  return {
    own: parseMemory(resource, cib, reignOf(resource, node)),
    other,
    others: parseMemory(resource, cib, reignOf(resource, other ?? '')),
  }
}
