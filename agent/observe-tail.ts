import { binaryLogs, isWithoutLogs } from '../lib/mysql/binary-log-files.ts'
import { crashedUncleanly } from '../lib/mysql/offline.ts'
import { judgeTail, type TailVerdict } from '../lib/mysql/tail.ts'
import { Failure } from '../lib/system/failure.ts'
import { logPlace } from './log-place.ts'
import type { Session } from './session.ts'
import type { InstanceView } from './situation.ts'

/** Whether the stopped server died while it wrote its binary log: else there is no tail to cut. */
export async function hasCrashed(session: Session): Promise<boolean> {
  try {
    const last = binaryLogs(await logPlace(session), session.deadline).at(-1)
    return last !== undefined && crashedUncleanly(last)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return false // the verdict on the tail says what is wrong with the log
  }
}

/** Read the end of a stopped server's binary log: which transactions does it end with that the source lacks? */
export async function observeTail(session: Session, source: InstanceView): Promise<TailVerdict> {
  if (!source.answers)
    return (await hasCrashed(session)) ? { say: 'refuse', because: source.because } : { say: 'nothing' }
  try {
    const place = await logPlace(session)
    if (isWithoutLogs(place)) return { say: 'nothing' }
    return judgeTail(binaryLogs(place, session.deadline), source.executed)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { say: 'refuse', because: error.message }
  }
}
