import type { ServerFacts } from '../../lib/mysql/server-facts.ts'
import { type Plan, proceed } from '../plan.ts'
import type { Situation } from '../situation.ts'

/** Stop a server that is not taking writes, or does not answer. */
export const stopServer = (): Plan => proceed('stopping mysqld', [{ do: 'stop-server', how: 'shutdown' }])

/**
 * Stop the source: close writes first, since a shutdown commits what still waits for an acknowledgement (MySQL even
 * answers OK to such a client). When no acknowledgement can come, only a kill leaves those commits undecided.
 */
export function stopPromoted(_situation: Situation, { semiSync }: ServerFacts): Plan {
  if (semiSync && semiSync.waitingSessions > 0 && semiSync.ackers === 0) {
    return proceed(`killing mysqld: ${semiSync.waitingSessions} commits wait for a replica and none is connected`, [
      { do: 'stop-server', how: 'kill' },
    ])
  }
  return {
    ...proceed('closing writes and stopping mysqld', [
      { do: 'close-writes' },
      { do: 'disarm-source' },
      { do: 'stop-server', how: 'shutdown' },
    ]),
    otherwise: [{ do: 'stop-server', how: 'kill' }],
  }
}
