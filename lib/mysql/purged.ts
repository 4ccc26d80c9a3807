import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import type { Connection } from './connection.ts'
import type { Flavour } from './flavour.ts'
import { contains, entries, type GtidSet } from './gtid-set.ts'
import { parseGtidSet } from './gtid-text.ts'
import type { FlavourName } from './server-facts.ts'

/** Which transactions the server's binary logs no longer hold; undefined where it writes none. Needs no privilege. */
export async function readPurged(
  connection: Connection,
  flavour: Flavour,
  deadline: Deadline,
): Promise<GtidSet | undefined> {
  try {
    const [row] = await connection.query(flavour.purged, deadline)
    const purged = row?.['purged']
    return purged == null ? undefined : parseGtidSet(flavour.name, purged)
  } catch (error) {
    if (error instanceof Failure && error.kind === 'rejected') return undefined
    throw error
  }
}

/**
 * Whether a server that has purged this much still has every transaction that a replica needs which executed that much.
 * MariaDB looks for the replica's last transaction of each domain, and the numbers of a domain grow whoever writes.
 */
export function isServedBy(flavour: FlavourName, executed: GtidSet, purged: GtidSet): boolean {
  if (flavour === 'mysql') return contains(executed, purged)
  const reached = lastByDomain(executed)
  return [...lastByDomain(purged)].every(([domain, last]) => (reached.get(domain) ?? 0) >= last)
}

function lastByDomain(set: GtidSet): ReadonlyMap<string, number> {
  const last = new Map<string, number>()
  for (const [key, [, number]] of entries(set)) {
    const domain = key.split('-', 1)[0] ?? ''
    last.set(domain, Math.max(number, last.get(domain) ?? 0))
  }
  return last
}
