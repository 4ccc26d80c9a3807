import { OCF } from '../../../agent/exit-code.ts'
import { fitness } from '../../../agent/fitness.ts'
import type { Step } from '../../../agent/plan.ts'
import type { Situation } from '../../../agent/situation.ts'
import { type Deed, decide } from '../../../agent/transitions.ts'
import type { Notification } from '../../../cib/notification.ts'
import { Failure } from '../../../lib/system/failure.ts'
import { guardCut, performOnCluster } from './cluster-steps.ts'
import { lookCloser, notice } from './look.ts'
import { type Progress, performOnProcess, performOnServer, type StepState, waiting } from './server-steps.ts'
import { setOf } from './transaction.ts'
import { type Action, membersOf, type Node, type World } from './world.ts'

export const beginAction = (deed: Deed, notification: Notification | undefined): Action => ({
  deed,
  notification,
  round: 1,
  noticed: undefined,
  situation: undefined,
  plan: undefined,
  steps: [],
  state: undefined,
})

/** How an action ended: its exit code, or undefined as long as it goes on. */
export type End = number | undefined

/** The action goes on by one moment: it looks, decides, or comes on with a step. */
export function advance(world: World, node: Node, action: Action): End {
  if (action.noticed === undefined) {
    action.noticed = notice(world, node, action.deed, action.notification)
    return undefined
  }
  if (action.situation === undefined) {
    action.situation = lookCloser(world, node, action.deed, action.noticed)
    action.plan = decide(action.deed, action.situation)
    action.steps = action.plan.steps
    return action.steps.length === 0 ? conclude(world, node, action, action.situation) : undefined
  }
  const [step, ...left] = action.steps
  if (step === undefined) return conclude(world, node, action, action.situation)
  action.state ??= begin(world, node)
  try {
    const progress = perform(world, node, step, action.situation, action.state)
    action.state.begun = true
    if (progress === 'waits') return undefined
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return fail(action)
  }
  world.trace.push(`    ${node.name} ${action.deed}: ${step.do}`)
  return comeOn(world, node, action, left, action.situation)
}

const begin = (world: World, node: Node): StepState => ({
  begun: false,
  target: setOf(world.flavour, node.server.log),
  members: membersOf(world, node).map(({ name }) => name),
  begunCommits: node.server.acknowledged + waiting(node),
  ready: false,
})

function comeOn(world: World, node: Node, action: Action, steps: readonly Step[], situation: Situation): End {
  action.steps = steps
  action.state = undefined
  return steps.length === 0 ? conclude(world, node, action, situation) : undefined
}

/** A step does not get what it waits for in its time. Some steps go on without. */
export function giveUp(world: World, node: Node, action: Action): End {
  const [step, ...left] = action.steps
  if (action.state === undefined || step === undefined || action.situation === undefined) return undefined
  if (step.do === 'await-replica') return comeOn(world, node, action, left, action.situation)
  return fail(action)
}

function fail(action: Action): End {
  const { plan } = action
  if (plan?.otherwise === undefined) return OCF.ERR_GENERIC
  action.steps = plan.otherwise
  action.plan = { ...plan, steps: [] }
  delete (action.plan as { otherwise?: unknown }).otherwise
  action.state = undefined
  return undefined
}

function perform(world: World, node: Node, step: Step, situation: Situation, state: StepState): Progress {
  switch (step.do) {
    case 'cut-tail':
    case 'check-cut':
    case 'launch-server':
    case 'await-server':
    case 'stop-server':
      guardCut(world, node, step)
      performOnProcess(world, node, step)
      return 'done'
    case 'seed':
      return 'done' // what it starts is a process of its own
    case 'publish-source':
    case 'publish-holdings':
    case 'retract-holdings':
    case 'publish-handover':
    case 'register-acker':
    case 'lower-guarantee':
    case 'raise-guarantee':
    case 'trust-commits':
    case 'release-ackers':
    case 'quarantine':
      return performOnCluster(world, node, step, situation, state)
    case 'publish-away':
    case 'await-followers':
      throw new Failure('misconfigured', 'this world has one site')
    default:
      return performOnServer(world, node, step, state)
  }
}

const ROUNDS = 4
const RESULT: Partial<Record<Deed, readonly string[]>> = {
  start: ['unpromoted'],
  stop: ['stopped'],
  promote: ['promoted'],
  demote: ['unpromoted', 'stopped'],
}

/** Look again where the plan says so; otherwise it is over, and publishes what it sees. */
function conclude(world: World, node: Node, action: Action, situation: Situation): End {
  const next = action.plan?.next ?? OCF.ERR_GENERIC
  if (next === 'look-again') {
    action.noticed = action.situation = action.plan = undefined
    return action.round++ < ROUNDS ? undefined : OCF.ERR_GENERIC
  }
  if (action.deed === 'monitor') noteCommits(node, action, situation)
  const isRight = action.deed === 'monitor' || (next === OCF.SUCCESS && action.deed !== 'demote')
  const seen = action.deed === 'monitor' ? situation : look(world, node)
  const { state } = seen.instance
  const isPublished = state === 'promoted' || state === 'unpromoted' || state === 'stopped'
  if (isRight && isPublished) node.score = fitness(seen).score
  const expected = RESULT[action.deed]
  return next !== OCF.SUCCESS || !expected || expected.includes(state) ? next : OCF.ERR_GENERIC
}

function look(world: World, node: Node): Situation {
  return lookCloser(world, node, 'monitor', notice(world, node, 'monitor', undefined))
}

function noteCommits(node: Node, { plan }: Action, { instance }: Situation): void {
  if (instance.state !== 'promoted' || instance.facts.semiSync === undefined) return
  const { ackers, waitingSessions, acknowledged } = instance.facts.semiSync
  const renewed = plan?.steps.some(step => step.do === 'renew-acks') ?? false
  node.lastLook = { ackers, waiting: waitingSessions, acknowledged, renewed }
}
