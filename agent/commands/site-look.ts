import { readWholeCib } from '../../cib/cib-text.ts'
import { readClusterStatus } from '../../cib/cluster-status.ts'
import { type ClusterMemory, parseMemory } from '../../cib/memory.ts'
import { isBooths, isGranted } from '../../cib/ticket.ts'
import type { GtidSet } from '../../lib/mysql/gtid-set.ts'
import type { Place } from '../observe-site.ts'
import { askSource } from '../observe-source.ts'
import type { Session } from '../session.ts'

/** A site as its cluster sees it. */
export interface SiteLook {
  readonly memory: ClusterMemory
  readonly granted: boolean
  /** The ticket is booth's to grant. */
  readonly booths: boolean
  readonly promoted: string | undefined
  /** Nodes with an instance that runs. */
  readonly active: readonly string[]
}

/** Look at this site. Throws Failure `rejected` where Pacemaker does not answer. */
export async function lookAtSite({ ticket }: Place, { invocation, deadline }: Session): Promise<SiteLook> {
  const [cib, instances] = await Promise.all([readWholeCib(deadline), readClusterStatus(deadline)])
  const mine = instances.filter(({ resource }) => resource === invocation.resource)
  return {
    memory: parseMemory(invocation.resource, cib),
    granted: isGranted(ticket, cib),
    booths: isBooths(ticket, cib),
    promoted: mine.find(({ role }) => role === 'Promoted')?.node,
    active: mine.map(({ node }) => node),
  }
}

/** What answers at the other site's address for writers. */
export const lookAcross = (place: Place, session: Session) => askSource(session, place)

/** With what this site has stopped taking writes; undefined where it has not said so. */
export function endOf({ record, handover }: ClusterMemory): GtidSet | undefined {
  return record !== undefined && handover?.epoch === record.epoch && handover.held.by === 'gtid'
    ? handover.held.set
    : undefined
}
