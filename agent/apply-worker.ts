import { launch } from '../lib/system/command.ts'
import { Failure } from '../lib/system/failure.ts'
import { onceFree, type Start } from '../lib/system/held-lock.ts'
import { thisProgram } from '../lib/system/process-table.ts'
import type { Session } from './session.ts'

/**
 * Start one of this program's own commands, which outlives this action. What cannot be started now is no reason to fail an
 * action: it is a warning.
 */
export const startWorker = (words: readonly string[], session: Session): Promise<void> =>
  start([thisProgram(), words], session)

/** The same, once nobody holds the lock of a file any more. */
export const startWorkerOnceFree = (lock: string, words: readonly string[], session: Session): Promise<void> =>
  start(onceFree(lock, [thisProgram(), words]), session)

async function start([file, words]: Start, { log }: Session): Promise<void> {
  try {
    await launch(file, words, { directory: '/', output: '/dev/null' })
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    log.warning(error.message)
  }
}
