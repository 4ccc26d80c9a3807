import { type ExitCode, OCF } from './exit-code.ts'
import type { Invocation } from './invocation.ts'

/** What each degraded code says beside that it is degraded. */
const PLAIN: Partial<Record<ExitCode, ExitCode>> = {
  [OCF.DEGRADED]: OCF.SUCCESS,
  [OCF.DEGRADED_PROMOTED]: OCF.RUNNING_PROMOTED,
}

/** Whether the code says that something needs attention. */
export const isDegraded = (exit: ExitCode): boolean => PLAIN[exit] !== undefined

/**
 * What a monitor ends with that would end with `exit`. Pacemaker 3 keeps a degraded result of a recurring monitor for good, and takes it for a monitor that runs when it leaves
 * maintenance mode (seen with 3.0.0 and 3.0.3): then nobody notices any more when the server dies. There the node attribute
 * alone says what is degraded.
 */
export function exitOf(
  exit: ExitCode,
  isLasting: boolean,
  { featureSet, intervalMs }: Pick<Invocation, 'featureSet' | 'intervalMs'>,
): ExitCode {
  const isTrap = intervalMs > 0 && featureSet !== undefined && isFromPacemaker3(featureSet)
  return isLasting && !isTrap ? exit : (PLAIN[exit] ?? exit)
}

/** Pacemaker 3.0.0 has the feature set 3.20.0. */
function isFromPacemaker3(featureSet: string): boolean {
  const [major = 0, minor = 0] = featureSet.split('.').map(Number)
  return major > 3 || (major === 3 && minor >= 20)
}
