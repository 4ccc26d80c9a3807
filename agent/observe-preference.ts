import type { Preference } from './failback.ts'
import type { Session } from './session.ts'

/** What the parameters prefer, and what the last monitor noted about it: a file that is read only where it counts. */
export async function readPreference({ parameters, patience }: Session): Promise<Preference> {
  const failbackSeconds = parameters.failback_after
  const noted = failbackSeconds === undefined ? undefined : await patience.read()
  return { nodes: parameters.preferred_nodes, failbackSeconds, patience: noted, now: Date.now() }
}
