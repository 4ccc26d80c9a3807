import { readServer } from '../lib/mysql/read-server.ts'
import { Failure } from '../lib/system/failure.ts'
import type { Session } from './session.ts'

/** How long commits that got past the gate may take to be acknowledged. */
const LAST_ACKS_MS = 5000

/** Wait until no commit waits for an acknowledgement any more. Throws Failure `timed-out` when one still does at the bound. */
export async function settleCommits(session: Session): Promise<void> {
  const { connection, flavour } = await session.talk()
  const deadline = session.deadline.within(LAST_ACKS_MS)
  const settled = await deadline.poll(50, async () => {
    const { semiSync } = await readServer(connection, flavour, session.deadline)
    return semiSync === undefined || !semiSync.sourceEnabled || semiSync.waitingSessions === 0 || undefined
  })
  if (!settled)
    throw new Failure('timed-out', `commits on ${session.node} wait for an acknowledgement that does not come`)
}
