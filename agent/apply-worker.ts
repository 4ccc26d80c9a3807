import { launch } from '../lib/system/command.ts'
import { Failure } from '../lib/system/failure.ts'
import { thisProgram } from '../lib/system/process-table.ts'
import type { Session } from './session.ts'

/**
 * Start one of this program's own commands, which outlives this action; where a lock is named, once nobody holds that any more:
 * until then flock(1) waits in its place. What cannot be started now is no reason to fail an action: it is a warning.
 */
export async function startWorker(words: readonly string[], { log }: Session, lock?: string): Promise<void> {
  const [file, args] = lock === undefined ? [thisProgram(), words] : ['flock', [lock, thisProgram(), ...words]]
  try {
    await launch(file, args, { directory: '/', output: '/dev/null' })
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    log.warning(error.message)
  }
}
