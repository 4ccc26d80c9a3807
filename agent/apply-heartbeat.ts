import { writeHeartbeat } from '../lib/mysql/heartbeat.ts'
import { Failure } from '../lib/system/failure.ts'
import { mayWriteHeartbeat } from './heartbeat.ts'
import type { Session } from './session.ts'
import type { Situation } from './situation.ts'

/** A heartbeat that takes longer comes too late to be one. */
const HEARTBEAT_MS = 1000

/**
 * Leave a sign of life in the source's tables, by which replicas tell how old their data are. One that fails is no fault of the
 * source.
 */
export async function leaveHeartbeat(situation: Situation, session: Session): Promise<void> {
  const { heartbeat_table: table } = session.parameters
  if (table === undefined || !mayWriteHeartbeat(situation)) return
  const deadline = session.deadline.within(HEARTBEAT_MS)
  try {
    const { connection } = await session.talk(deadline)
    await writeHeartbeat(connection, table, deadline)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    session.log.warning(`no heartbeat: ${error.message}`)
  }
}
