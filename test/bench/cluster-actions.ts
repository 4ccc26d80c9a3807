import { logTime } from './log-time.ts'

/** One action of an agent as the deciding controller saw it: from its order to the answer. Milliseconds since 1970. */
export interface ClusterAction {
  readonly resource: string
  /** `start`, `promote`, …; of a notification its event: `pre-promote`. */
  readonly action: string
  readonly node: string
  readonly begin: number
  readonly end: number
}

/** What the deciding controller's log says of a time. */
export interface ControllerLog {
  readonly actions: readonly ClusterAction[]
  /** When it learned that the source had failed; undefined when it did not. */
  readonly noticed: number | undefined
}

/** The lines of pacemaker.log that are read here, as a pattern for grep -E. */
export const CONTROLLER_LINES = 'execute_rsc_action|process_graph_event|Requesting local execution'

/** Pacemaker up to 3.0.2, and from then on. */
const ORDER =
  /(?:Initiating \S+ operation (\S+) (?:locally )?on (\S+)|Asking (\S+) to execute (\S+) on \S+) \| (?:transition \S+ )?action (\d+)/
/** From 3.0.3 on all that it says of an order to itself; an order to another node is repeated so by that one. */
const LOCAL_ORDER = /Requesting local execution of (\S+) operation for (\S+) on (\S+) \| transition (\d+):/
const ANSWER = /Transition \d+ action (\d+) \(\S+ on \S+\)(?: confirmed|: expected)/
/** What a monitor found, or what the agent has reported by itself. */
const FAILURE =
  /Transition -?\d+ action \d+ \((\S+)_(?:monitor_\d+ on \S+\): expected 'promoted'|asyncmon_0 on \S+\): expected 'ok') but got /i
/** `db_start_0`, `db:0_start_0` for an instance that has no node yet, and `db_pre_notify_promote_0` for a notification. */
const OPERATION = /^([^:]+?)(?::\d+)?_(?:(pre|post)_notify_)?([a-z]+)_\d+$/

/** Read the log from a time on. An action without an answer is left out. */
export function readControllerLog(text: string, resource: string, from: number): ControllerLog {
  const open = new Map<string, Omit<ClusterAction, 'end'>>()
  const actions: ClusterAction[] = []
  let noticed: number | undefined
  for (const line of text.split('\n')) {
    const at = logTime(line, from)
    if (at === undefined || at < from) continue
    const [, id = ''] = ANSWER.exec(line) ?? []
    const begun = open.get(id)
    if (begun !== undefined) actions.push({ ...begun, end: at })
    open.delete(id)
    const [order, local] = [orderIn(line, at), localOrderIn(line, at)]
    if (order !== undefined) open.set(order.id, order.action)
    if (local !== undefined && !open.has(local.id)) open.set(local.id, local.action)
    if (FAILURE.exec(line)?.[1] === resource) noticed ??= at
  }
  return { actions: named(actions), noticed }
}

/** A notification of the deciding node to itself is not named: it is that of which the other nodes are told at the same time. */
function named(actions: readonly ClusterAction[]): ClusterAction[] {
  const known = actions.filter(({ action }) => /^(?:pre|post)-/.test(action))
  return actions.map(one => {
    if (one.action !== 'notify') return one
    const distance = ({ begin }: ClusterAction) => Math.abs(begin - one.begin)
    const [nearest] = known.toSorted((a, b) => distance(a) - distance(b))
    return nearest === undefined ? one : { ...one, action: nearest.action }
  })
}

interface Order {
  readonly id: string
  readonly action: Omit<ClusterAction, 'end'>
}

function orderIn(line: string, begin: number): Order | undefined {
  const [, oldName, oldNode, newNode, newName, id] = ORDER.exec(line) ?? []
  const [name, node] = [oldName ?? newName, oldNode ?? newNode]
  if (name === undefined || node === undefined || id === undefined) return undefined
  const [, resource = '', moment, operation = ''] = OPERATION.exec(name) ?? []
  const action = moment === undefined ? operation : `${moment}-${operation}`
  return { id, action: { resource, action, node, begin } }
}

function localOrderIn(line: string, begin: number): Order | undefined {
  const [, action, resource, node, id] = LOCAL_ORDER.exec(line) ?? []
  if (action === undefined || resource === undefined || node === undefined || id === undefined) return undefined
  return { id, action: { resource, action, node, begin } }
}
