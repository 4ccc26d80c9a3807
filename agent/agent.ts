import { hostname } from 'node:os'
import { Deadline } from '../lib/system/deadline.ts'
import { Failure } from '../lib/system/failure.ts'
import type { Log } from '../lib/system/log.ts'
import { ACTIONS } from './action-table.ts'
import { deedOf } from './deed.ts'
import { FAILURE_EXIT, OCF } from './exit-code.ts'
import { type Invocation, readInvocation } from './invocation.ts'
import { type Environment, type Parameters, parseParameters, salvageParameters } from './parameters.ts'
import type { Outcome } from './run.ts'
import type { Deed } from './transitions.ts'

/** What Pacemaker may ask for, by the word that it calls the agent with. */
export type Action = (typeof ACTIONS)[number]['name']

/** Whether a word of the command line is an action, and not a command for people. */
export const isAction = (word: string | undefined): word is Action => ACTIONS.some(({ name }) => name === word)

/** What an action answers: `output` goes to standard output, the outcome to Pacemaker. */
export interface Answer extends Outcome {
  readonly output?: string
}

/** Left of a timeout for the exit reason and for ending in order. */
const RESERVE_MS = 1000

/**
 * Run one OCF action with the environment that Pacemaker gives it.
 * Never throws: a failure becomes its exit code, a bug becomes ERR_GENERIC with its stack in the log.
 */
export async function runAgent(
  action: string | undefined,
  env: Environment,
  openLog: (invocation: Invocation) => Log,
): Promise<Answer> {
  if (!isAction(action)) {
    const known = [...new Set(ACTIONS.map(({ name }) => name))].join(', ')
    return {
      exit: OCF.ERR_UNIMPLEMENTED,
      because: `${action ?? 'nothing'} is no action of this agent: use one of ${known}`,
    }
  }

  if (action === 'meta-data') {
    const { metaData } = await import('./actions/meta-data.ts')
    return { exit: OCF.SUCCESS, because: 'described', output: metaData() }
  }

  const invocation = readInvocation(env)
  const deed = deedOf(action, invocation)
  if (deed === 'nothing') return { exit: OCF.SUCCESS, because: 'this notification calls for nothing' }

  const log = openLog(invocation)
  const outcome = await perform(deed, { action, invocation, env, log })
  if (isNews(action, outcome)) log.info(`${deed}: ${outcome.because} (exit ${outcome.exit})`)
  return action === 'notify' ? { ...outcome, exit: OCF.SUCCESS } : outcome // Pacemaker ignores it anyway
}

interface Call {
  readonly action: Action
  readonly invocation: Invocation
  readonly env: Environment
  readonly log: Log
}

async function perform(deed: Deed | 'validate', call: Call): Promise<Outcome> {
  const { invocation, log } = call
  try {
    const parameters = readParameters(call)
    if ('exit' in parameters) return parameters
    const deadline = Deadline.in(Math.max(invocation.timeoutMs - RESERVE_MS, invocation.timeoutMs / 2))
    return await (deed === 'validate' ? check(call, parameters, deadline) : act(deed, call, parameters, deadline))
  } catch (error) {
    if (error instanceof Failure) return { exit: FAILURE_EXIT[error.kind], because: error.message }
    log.error(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return {
      exit: OCF.ERR_GENERIC,
      because: `unexpected: ${error instanceof Error ? error.message : error}; please report it with the log`,
    }
  }
}

/** The parameters, or why there are none. Stop goes on with what is left of broken ones: a stop that fails means fencing. */
function readParameters({ action, invocation, env, log }: Call): Parameters | Outcome {
  if (invocation.ocfMajor !== 1) {
    return {
      exit: OCF.ERR_GENERIC,
      because: `version ${invocation.ocfMajor} of the OCF interface is not supported: use a Pacemaker that speaks version 1`,
    }
  }
  const parsed = parseParameters(env)
  if (parsed.ok) {
    if (action !== 'monitor') for (const warning of parsed.warnings) log.warning(warning)
    return parsed.parameters
  }
  if (action !== 'stop') return parsed
  const nothingRuns = { exit: OCF.SUCCESS, because: `nothing can have been started: ${parsed.because}` }
  return salvageParameters(env) ?? nothingRuns
}

async function check({ env }: Call, parameters: Parameters, deadline: Deadline): Promise<Outcome> {
  const { validate } = await import('./actions/validate-all.ts')
  const objection = await validate(parameters, Number(env['OCF_CHECK_LEVEL'] ?? '0'), deadline)
  return objection ?? { exit: OCF.SUCCESS, because: 'the parameters are valid' }
}

async function act(
  deed: Deed,
  { invocation, log }: Call,
  parameters: Parameters,
  deadline: Deadline,
): Promise<Outcome> {
  const objection = deed === 'start' ? objectionToClone(invocation, parameters) : undefined
  if (objection !== undefined) return { exit: OCF.ERR_CONFIGURED, because: objection }

  const [{ run }, { Session }] = await Promise.all([import('./run.ts'), import('./session.ts')])
  const node = invocation.node ?? (await localNodeName(deadline))
  const session = new Session({ invocation, parameters, node, deadline, log })
  try {
    return await run(deed, session)
  } finally {
    session.hangUp()
  }
}

/** What the commonest mistakes in a clone's configuration would break later, and less clearly. */
function objectionToClone(invocation: Invocation, { acks, durability, topology }: Parameters): string | undefined {
  const { inClone, instances, promotedMax, notify, promotable, resource } = invocation
  const isPair = topology === 'multi-primary'
  if (isPair && (instances !== 2 || promotedMax !== 2))
    return `topology multi-primary is for two promoted instances: set clone-max=2 and promoted-max=2 of the clone of ${resource}`
  if (!isPair && promotedMax > 1)
    return `the clone of ${resource} has promoted-max=${promotedMax}, and one instance takes writes: set it to 1, or topology to multi-primary`
  if (!inClone) return undefined
  if (!promotable) return `the clone of ${resource} is not promotable: set its meta attribute promotable=true`
  if (!notify) return `the clone of ${resource} gets no notifications: set its meta attribute notify=true`
  if (durability === 'async' || instances === 1 || acks < instances) return undefined
  return `acks is ${acks}, and beside the source the clone of ${resource} has ${instances - 1} instances: lower acks`
}

/** The cluster's name of this node; by hand and without a cluster, as for a last stop, the host's. */
async function localNodeName(deadline: Deadline): Promise<string> {
  const cluster = await import('../cib/cluster.ts')
  return cluster.localNodeName(deadline).catch(() => hostname())
}

/** A healthy monitor is no news; it comes every few seconds for ever. */
function isNews(action: Action, { exit }: Outcome): boolean {
  return action !== 'monitor' || (exit !== OCF.SUCCESS && exit !== OCF.RUNNING_PROMOTED && exit !== OCF.NOT_RUNNING)
}
