import { isAcknowledged } from '../lab/judge.ts'
import type { Attempt } from '../lab/write-record.ts'

/** A time in which one server alone acknowledged transactions. Milliseconds since 1970. */
export interface Reign {
  readonly server: string
  readonly begin: number
  readonly end: number
  readonly transactions: number
}

type Acknowledged = Attempt & { readonly sent: number }

/**
 * The fewest successive reigns that explain what the clients saw. A transaction was committed at some instant between the sending of
 * its commit and the answer; where these times overlap, the order that needs fewer changes is taken. So two servers that took writes
 * by turns always show as more reigns than there were promotions, and an answer that was long on its way never does.
 */
export function reigns(attempts: readonly Attempt[]): Reign[] {
  const left = attempts.filter(isCommitted).toSorted((a, b) => a.end - b.end)
  const found: Reign[] = []
  for (let rest = left; rest.length > 0; ) {
    const server = rest[0]?.server ?? ''
    // Until the first answer of another server, this one may have reigned.
    const limit = rest.find(attempt => attempt.server !== server)?.end ?? Number.POSITIVE_INFINITY
    const own = rest.filter(attempt => attempt.server === server && attempt.sent <= limit)
    found.push({ server, begin: own[0]?.sent ?? 0, end: own.at(-1)?.end ?? 0, transactions: own.length })
    rest = rest.filter(attempt => attempt.server !== server || attempt.sent > limit)
  }
  return found
}

function isCommitted(attempt: Attempt): attempt is Acknowledged {
  return isAcknowledged(attempt) && attempt.sent !== undefined
}
