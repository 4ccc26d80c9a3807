import type { Replication } from '../lib/mysql/server-facts.ts'
import type { Situation } from './situation.ts'

/** A replica and what its lag is judged by. */
type Lagging = Pick<Situation, 'readers' | 'source'> & {
  readonly facts: { readonly replication: Replication | undefined }
}

/** What one look found out about the lag of a replica. */
interface LagJudgement {
  /** Behind by more than readers put up with, or not known to have come back from that. */
  readonly trails: boolean
  /** How far, for a sentence. */
  readonly because: string
}

/**
 * Readers leave at one lag and come back at a smaller one. A lag that nobody knows counts as the time for which nobody knows it
 * while the source is there; without a source nothing gets older than it is, and what was received is all that there is.
 */
export function judgeLag({ facts: { replication }, readers, source }: Lagging): LagJudgement {
  if (replication === undefined) return { trails: false, because: 'it follows nobody' }
  const { maxLagSeconds, returnLagSeconds, lagLook } = readers
  const hasTrailed = lagLook?.trailing === true
  if (replication.lagSeconds !== undefined) {
    const limit = hasTrailed ? returnLagSeconds : maxLagSeconds
    return { trails: replication.lagSeconds > limit, because: `${Math.round(replication.lagSeconds)} s behind` }
  }
  if (source?.answers === true) {
    const seconds = lagLook?.unknownSeconds ?? 0
    const because = `for ${Math.round(seconds)} s nobody has known how far`
    return { trails: hasTrailed || seconds > maxLagSeconds, because }
  }
  return { trails: hasTrailed && hasBacklog(replication), because: 'it has not applied all that it received' }
}

/** By the source's coordinates, which there are with GTIDs and without. */
const hasBacklog = ({ readTo, appliedTo }: Replication): boolean =>
  readTo.file !== appliedTo.file || readTo.position !== appliedTo.position
