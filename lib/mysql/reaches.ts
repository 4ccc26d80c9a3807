import { contains, entries, type GtidSet } from './gtid-set.ts'
import { parseGtidSet } from './gtid-text.ts'
import type { FlavourName } from './server-facts.ts'

/**
 * Whether the set has got to a position, given as the server that stood there says it: a set of GTIDs on MySQL; on MariaDB
 * the last transaction of each domain, whose numbers grow by one whoever writes.
 * Throws Failure `unintelligible` when the text is no position.
 */
export function reaches(flavour: FlavourName, set: GtidSet, gtidPosition: string): boolean {
  const position = parseGtidSet(flavour, gtidPosition)
  if (flavour === 'mysql') return contains(set, position)
  const ends = domainEnds(set)
  return [...domainEnds(position)].every(([domain, end]) => (ends.get(domain) ?? 0) >= end)
}

function domainEnds(set: GtidSet): ReadonlyMap<string, number> {
  const ends = new Map<string, number>()
  for (const [key, [, last]] of entries(set)) {
    const domain = key.split('-')[0] ?? ''
    ends.set(domain, Math.max(last, ends.get(domain) ?? 0))
  }
  return ends
}
