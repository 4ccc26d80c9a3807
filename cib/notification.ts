/** A notification or the lists that come with an action: who is where, as of the start of the transition. */
export interface Notification {
  /** Set on the notify action only, e.g. pre-promote. */
  readonly event: string | undefined
  readonly active: readonly string[]
  readonly promoted: readonly string[]
  readonly unpromoted: readonly string[]
  readonly starting: readonly string[]
  readonly stopping: readonly string[]
  readonly promoting: readonly string[]
  readonly demoting: readonly string[]
}

type Environment = Readonly<Record<string, string | undefined>>
const PREFIX = 'OCF_RESKEY_CRM_meta_notify_'

/**
 * The notification in an action's environment (Pacemaker Administration, "Clone Notifications"); undefined when there is
 * none, which is so on every monitor, and everywhere with notify=false. An empty list comes as one blank.
 */
export function readNotification(env: Environment): Notification | undefined {
  const text = (name: string) => env[PREFIX + name]
  if (text('active_uname') === undefined) return undefined

  const list = (...names: readonly string[]) => {
    const found = names.map(text).find(value => value !== undefined) ?? ''
    return found.split(' ').filter(word => word !== '')
  }
  const type = text('type')
  const operation = text('operation')
  return {
    event: type && operation ? `${type}-${operation}` : undefined,
    active: list('active_uname'),
    promoted: list('promoted_uname', 'master_uname'), // before 2.1 only the old names
    unpromoted: list('unpromoted_uname', 'slave_uname'),
    starting: list('start_uname'),
    stopping: list('stop_uname'),
    promoting: list('promote_uname'),
    demoting: list('demote_uname'),
  }
}

/** The nodes that hold an instance once this transition's stops and starts are done: those that can testify in an election. */
export function electorate({ active, starting, stopping }: Notification): readonly string[] {
  const nodes = new Set([...active.filter(node => !stopping.includes(node)), ...starting])
  return [...nodes].sort()
}

/** The nodes that are promoted before this transition and stay so. */
export function stayingPromoted({ promoted, demoting, stopping }: Notification): readonly string[] {
  return promoted.filter(node => !demoting.includes(node) && !stopping.includes(node))
}
