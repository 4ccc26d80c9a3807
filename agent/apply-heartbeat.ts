import { writeHeartbeat } from '../lib/mysql/heartbeat.ts'
import { Failure } from '../lib/system/failure.ts'
import type { Session } from './session.ts'
import type { Situation } from './situation.ts'

/** A heartbeat that takes longer comes too late to be one. */
const HEARTBEAT_MS = 1000

/**
 * Leave a sign of life in the source's tables, by which replicas tell how old their data are. Its commit waits like any other:
 * none is tried where commits wait already, or would. A heartbeat that fails is no fault of the source.
 */
export async function leaveHeartbeat({ instance, memory, node }: Situation, session: Session): Promise<void> {
  const { heartbeat_table: table } = session.parameters
  if (table === undefined || instance.state !== 'promoted' || memory.record?.node !== node) return
  const { semiSync } = instance.facts
  const wouldWait = semiSync?.sourceEnabled === true && semiSync.ackers < semiSync.acks
  if (wouldWait || (semiSync?.waitingSessions ?? 0) > 0) return
  const deadline = session.deadline.within(HEARTBEAT_MS)
  try {
    const { connection } = await session.talk(deadline)
    await writeHeartbeat(connection, table, deadline)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    session.log.warning(`no heartbeat: ${error.message}`)
  }
}
