import { demotePromoted, demoteUnpromoted } from './actions/demote.ts'
import { MONITOR } from './actions/monitor.ts'
import { postPromote, prePromote } from './actions/notify.ts'
import { promotePromoted, promoteUnpromoted } from './actions/promote.ts'
import { startPromoted, startStarting, startStopped, startUnpromoted } from './actions/start.ts'
import { killServer, stopPromoted, stopServer, stopUnpromoted } from './actions/stop.ts'
import { OCF } from './exit-code.ts'
import { cannot, nothing, type Plan } from './plan.ts'
import type { Instance, InstanceState, Situation } from './situation.ts'

/** The actions that look at the instance; notify by its event. */
export type Deed = 'start' | 'stop' | 'monitor' | 'promote' | 'demote' | 'pre-promote' | 'post-promote'

/** The instance in one of its states, as the transition out of this state needs it. */
type Facts<State extends InstanceState> = Extract<Instance, { state: State }> extends { facts: infer F } ? F : undefined

/** The whole of the agent: what each action does in each state. A missing cell does not compile. */
export type Transitions = Record<Deed, Row>
type Row = { readonly [State in InstanceState]: (situation: Situation, facts: Facts<State>) => Plan }

const FOREIGN = 'another server has the socket of this one: correct the parameter socket or datadir'
const SILENT = 'mysqld runs but does not answer'
const CROWDED = 'mysqld has no connection left for the agent: raise max_connections'

/** The agent on one screen: what each action does to an instance found in each state. */
export const TRANSITIONS = {
  start: {
    stopped: startStopped,
    starting: startStarting,
    foreign: cannot(FOREIGN),
    failed: cannot(SILENT),
    crowded: cannot(CROWDED),
    unpromoted: startUnpromoted,
    promoted: startPromoted,
  },
  stop: {
    stopped: nothing('already stopped'),
    starting: stopServer,
    foreign: nothing('nothing runs on the data directory'),
    failed: killServer,
    crowded: killServer,
    unpromoted: stopUnpromoted,
    promoted: stopPromoted,
  },
  monitor: MONITOR,
  promote: {
    stopped: cannot('mysqld is not running'),
    starting: cannot('mysqld is still starting'),
    foreign: cannot(FOREIGN),
    failed: cannot(SILENT),
    crowded: cannot(CROWDED),
    unpromoted: promoteUnpromoted,
    promoted: promotePromoted,
  },
  demote: {
    stopped: nothing('mysqld is not running, so nothing takes writes'),
    starting: nothing('mysqld is starting read-only, so nothing takes writes'),
    foreign: nothing('nothing runs on the data directory, so nothing takes writes'),
    failed: cannot(`${SILENT} and may still take writes`, OCF.FAILED_PROMOTED),
    crowded: cannot(CROWDED, OCF.FAILED_PROMOTED),
    unpromoted: demoteUnpromoted,
    promoted: demotePromoted,
  },
  'pre-promote': {
    stopped: nothing('mysqld is not running and has nothing to say in the election'),
    starting: nothing('mysqld is starting and has nothing to say in the election yet'),
    foreign: nothing(FOREIGN),
    failed: nothing(SILENT),
    crowded: nothing(CROWDED),
    unpromoted: prePromote,
    promoted: nothing('mysqld takes writes and is no replica'),
  },
  'post-promote': {
    stopped: nothing('mysqld is not running and follows nobody'),
    starting: nothing('mysqld is starting; its next monitor makes it follow'),
    foreign: nothing(FOREIGN),
    failed: nothing(SILENT),
    crowded: nothing(CROWDED),
    unpromoted: postPromote,
    promoted: nothing('mysqld takes writes and is no replica'),
  },
} as const satisfies Transitions

/** What to do now. Pure. */
export function decide(deed: Deed, situation: Situation, transitions: Transitions = TRANSITIONS): Plan {
  const { instance } = situation
  const row: Row = transitions[deed]
  switch (instance.state) {
    case 'unpromoted':
      return row.unpromoted(situation, instance.facts)
    case 'promoted':
      return row.promoted(situation, instance.facts)
    default:
      return row[instance.state](situation, undefined)
  }
}
