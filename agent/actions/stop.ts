import type { SemiSync, ServerFacts } from '../../lib/mysql/server-facts.ts'
import { handOver } from '../handover.ts'
import { type Plan, proceed } from '../plan.ts'
import type { Situation } from '../situation.ts'

/** The share of the time that closing may take: after it comes the shutdown, and after that the kill. */
const CLOSING_SHARE = 0.3

/** Stop a server that is not taking writes, or does not answer. */
export const stopServer = (): Plan => proceed('stopping mysqld', [{ do: 'stop-server', how: 'shutdown' }])

/** Kill a server that cannot be asked: if it takes writes, a shutdown could commit what nobody has acknowledged. */
export const killServer = (): Plan =>
  proceed('killing mysqld, which does not say whether it takes writes', [{ do: 'stop-server', how: 'kill' }])

/** A source that was closed a moment ago may still have commits that wait. */
export function stopUnpromoted(situation: Situation, { semiSync, flavour, replication }: ServerFacts): Plan {
  if (semiSync?.sourceEnabled && semiSync.waitingSessions > 0) return killWaiting(semiSync)
  const stop = stopServer()
  // MySQL's applier would wait a minute for the rest of a transaction whose receiver the shutdown has ended.
  const release = flavour === 'mysql' && replication?.applierRunning ? [{ do: 'release-applier' } as const] : []
  return { ...stop, steps: [...handOver(situation), ...release, ...stop.steps], otherwise: stop.steps }
}

const killWaiting = ({ waitingSessions }: SemiSync): Plan =>
  proceed(`killing mysqld: ${waitingSessions} commits wait for an acknowledgement`, [
    { do: 'stop-server', how: 'kill' },
  ])

/**
 * Stop the source: close writes first, since a shutdown commits what still waits for an acknowledgement (MySQL even
 * answers OK to such a client). When no acknowledgement can come, only a kill leaves those commits undecided.
 */
export function stopPromoted(situation: Situation, { semiSync }: ServerFacts): Plan {
  if (semiSync && semiSync.waitingSessions > 0 && semiSync.ackers === 0) {
    return killWaiting(semiSync)
  }
  return {
    ...proceed('closing writes and stopping mysqld', [
      { do: 'close-writes', share: CLOSING_SHARE },
      ...handOver(situation),
      { do: 'disarm-source' },
      { do: 'stop-server', how: 'shutdown' },
    ]),
    otherwise: [{ do: 'stop-server', how: 'kill' }],
  }
}
