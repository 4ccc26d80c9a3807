import { type WriteErrorKind, writeErrorKind } from '../lab/write-error.ts'
import type { Check } from './data-checks.ts'
import { isReadable } from './facts.ts'

/**
 * What a client may meet while nothing breaks. Where the address leaves before the server has answered, the client hears nothing and
 * gives up by itself; while the address moves, it gets no connection.
 */
const HARMLESS: readonly WriteErrorKind[] = ['dropped connection', 'read-only refusal', 'no connection', 'timeout']

/** The cluster healed by itself in time, and the source is the one that it should be. */
export const HEALTHY: Check = {
  name: 'healthy by itself',
  holds: ({ before, after, healthyMs }) => {
    const seconds = ((healthyMs ?? 0) / 1000).toFixed(1)
    return after === before ? `${after} is the source as before, ${seconds} s` : `${before} to ${after}, ${seconds} s`
  },
  faults: ({ before, after, healthyMs, expects }) => [
    ...(healthyMs === null ? ['the cluster did not become healthy in time'] : []),
    ...(expects.source === 'moves' && after === before ? [`${before} is still the source`] : []),
    ...(expects.source === 'stays' && after !== before ? [`${after || 'no node'} is the source, not ${before}`] : []),
  ],
}

/** The nodes that must be are in quarantine with a reason, and no other one is. */
export const QUARANTINE: Check = {
  name: 'quarantine where it must be',
  holds: ({ nodes }) => {
    const held = nodes.filter(isReadable).filter(({ quarantine }) => quarantine !== undefined)
    return held.map(({ node, quarantine }) => `${node}: ${quarantine}`).join('; ') || 'no node is in quarantine'
  },
  faults: ({ nodes, expects: { quarantined = [] } }) =>
    nodes.filter(isReadable).flatMap(({ node, quarantine }) => {
      if (quarantine === undefined)
        return quarantined.includes(node) ? [`${node} is not in quarantine, but must be`] : []
      if (!quarantined.includes(node)) return [`${node} is in quarantine: ${quarantine}`]
      return quarantine.trim() === '' ? [`${node} is in quarantine without a reason`] : []
    }),
}

/** No node lost its power but those for which the fault is reason enough, and none twice. */
export const NO_NEEDLESS_FENCING: Check = {
  name: 'no needless fencing',
  holds: ({ fenced }) => (fenced.length === 0 ? 'nobody was fenced' : `fenced: ${fenced.join(', ')}`),
  faults: ({ fenced, expects }) => {
    const allowed = [...(expects.fenced ?? [])]
    const needless = fenced.filter(node => {
      const at = allowed.indexOf(node)
      if (at >= 0) allowed.splice(at, 1)
      return at < 0
    })
    return needless.length === 0 ? [] : [`fenced needlessly: ${needless.join(', ')}`]
  },
}

/** The cluster shows no failed action any more, but those that the fault leaves. */
export const NOTHING_LEFT_OVER: Check = {
  name: 'no failed action left over',
  holds: ({ failedActions }) => failedActions.join('; ') || 'none',
  faults: ({ failedActions, expects: { leftOver } }) => failedActions.filter(line => leftOver?.test(line) !== true),
}

/** A fault that is no fault, but planned, returns no error to a client but a dropped connection or a read-only refusal. */
export const HARMLESS_ERRORS: Check = {
  name: 'harmless errors only',
  holds: ({ attempts, expects }) => {
    const kinds = Map.groupBy(
      attempts.flatMap(({ error }) => error ?? []),
      writeErrorKind,
    )
    const counts = [...kinds].map(([kind, texts]) => `${texts.length} ${kind}`).join(', ') || 'no error'
    return expects.planned ? counts : `${counts} (not judged: something broke)`
  },
  faults: ({ attempts, expects }) => {
    if (!expects.planned) return []
    const errors = attempts.flatMap(({ error }) => error ?? [])
    const harmful = errors.filter(error => !HARMLESS.includes(writeErrorKind(error)))
    return [...Map.groupBy(harmful, error => error)].map(([text, all]) => `${all.length} times: ${text}`)
  },
}
