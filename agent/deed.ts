import type { Action } from './agent.ts'
import type { Invocation } from './invocation.ts'
import type { Deed } from './transitions.ts'

/**
 * What the action is about; a notification by its event, most of which call for nothing. The executable asks this before it loads
 * the program: a failover waits for a row of notifications.
 */
export function deedOf(
  action: Exclude<Action, 'meta-data'>,
  { notification, node, promotedMax }: Invocation,
): Deed | 'validate' | 'nothing' {
  if (action === 'validate-all' || action === 'reload-agent') return 'validate'
  if (action !== 'notify') return action
  const event = notification?.event
  if (event === 'pre-promote') return event
  // Of two that are promoted at once each has to follow the other.
  const own = promotedMax === 1 && node !== undefined && notification?.promoting.includes(node)
  return event === 'post-promote' && !own ? event : 'nothing'
}
