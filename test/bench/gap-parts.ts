import type { WriteGap } from '../lab/judge.ts'
import type { ClusterAction, ControllerLog } from './cluster-actions.ts'

/** What a time without acknowledged writes was spent on: milliseconds by name. The sum is the gap. */
export type GapParts = ReadonlyMap<string, number>

export const NOTICING = 'until the failure is noticed'
export const SCHEDULING = "Pacemaker's own time between actions"
export const RETURNING = 'until the first client has its answer'

/** The names of the resources whose actions count. */
export interface GapResources {
  readonly database: string
  readonly address: string
}

/**
 * Take a gap apart. Of the actions that run at the same time the database's count: its instances are notified together, and the
 * address goes down beside the first notification. Monitors are on nobody's way.
 */
export function gapParts(gap: WriteGap, log: ControllerLog, resources: GapResources): GapParts {
  const actions = log.actions.filter(({ action }) => action !== 'monitor' && action !== 'cancel')
  const marks = [gap.begin, gap.end, ...actions.flatMap(({ begin, end }) => [begin, end]), log.noticed ?? gap.begin]
  const instants = [...new Set(marks)].filter(at => at >= gap.begin && at <= gap.end).toSorted((a, b) => a - b)
  const returned = lastEnd(
    actions.filter(({ resource, action }) => resource === resources.address && action === 'start'),
  )
  const parts = new Map<string, number>()
  for (const [index, begin] of instants.entries()) {
    const end = instants[index + 1] ?? begin
    const name = nameOf(begin, actions, resources, { noticed: log.noticed ?? gap.begin, returned })
    parts.set(name, (parts.get(name) ?? 0) + end - begin)
  }
  return parts
}

function nameOf(
  at: number,
  actions: readonly ClusterAction[],
  { database, address }: GapResources,
  { noticed, returned }: { noticed: number; returned: number },
): string {
  const running = (name: string) =>
    actions.find(({ resource, begin, end }) => resource === name && begin <= at && at < end)
  const ofDatabase = running(database)
  if (ofDatabase !== undefined) return ofDatabase.action
  const ofAddress = running(address)
  if (ofAddress !== undefined) return `${ofAddress.action} of the writers' address`
  if (at < noticed) return NOTICING
  return at >= returned ? RETURNING : SCHEDULING
}

const lastEnd = (actions: readonly ClusterAction[]) =>
  actions.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...actions.map(({ end }) => end))
