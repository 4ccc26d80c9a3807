import { hostname } from 'node:os'
import { readCibOnDisk } from '../../cib/cib-text.ts'
import { localNodeName } from '../../cib/cluster.ts'
import { BLANK, parseMemory } from '../../cib/memory.ts'
import { type ConfiguredResource, parseResources } from '../../cib/resource-parameters.ts'
import { bootId } from '../../lib/system/boot-id.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { Log } from '../../lib/system/log.ts'
import { NO_PREFERENCE } from '../failback.ts'
import { readInvocation } from '../invocation.ts'
import { pairSight } from '../observe-pair-memory.ts'
import { observeReaders } from '../observe-readers.ts'
import { observeServer } from '../observe-server.ts'
import { type Environment, type Parameters, parseParameters } from '../parameters.ts'
import { Session } from '../session.ts'
import type { Instance, Situation } from '../situation.ts'
import { chooseResource } from './command-session.ts'

/** What one look found; `managed` where Pacemaker has the resource in its configuration. */
export interface Sight {
  readonly situation: Situation
  readonly managed: boolean
}

/** Which server to look at. */
export interface SightRequest {
  readonly resource: string | undefined
  /** Parameters that count before those of the cluster, as an action has them in its environment. */
  readonly settings: Environment
  readonly timeoutMs: number
}

/** A server with all connections taken has one for us again in a moment. */
const PAUSE_MS = 100

/**
 * Look at the server of this node and at what the cluster remembers, within the time, and leave no trace: what monitor notes
 * for its next run is none of a check's business. Throws Failure `misconfigured` for parameters that make no sense.
 */
export async function lookAround(request: SightRequest, cibFile?: string): Promise<Sight> {
  const deadline = Deadline.in(request.timeoutMs)
  const cib = await readCibOnDisk(cibFile)
  const resource = cib === undefined ? undefined : await resourceIn(cib, request.resource)
  const parsed = parseParameters({ ...environmentOf(resource), ...request.settings })
  if (!parsed.ok) throw new Failure('misconfigured', parsed.because)
  const { parameters } = parsed
  const name = resource?.name ?? request.resource ?? 'mysql'
  const node = resource === undefined ? hostname() : await nodeName(deadline)
  const invocation = readInvocation({ OCF_RESOURCE_INSTANCE: name })
  const session = new Session({ invocation, parameters, node, deadline, log: SILENT })
  const instance = await observe(session)
  return {
    managed: resource !== undefined,
    situation: {
      ...NOT_LOOKED_AT,
      node,
      instance,
      ...(resource === undefined || cib === undefined ? FORGOTTEN : noticed(parameters, name, node, cib)),
      boot: await bootId(),
      durability: { mode: parameters.durability, acks: parameters.acks },
      readers: await observeReaders(session),
      onDiverged: parameters.on_diverged,
      byGtid: parameters.gtid === 'auto' && (!('facts' in instance) || instance.facts.gtid),
    },
  }
}

/** What a check decides nothing by. One instance: a check is not about the others. */
const NOT_LOOKED_AT = {
  instances: 1,
  notification: undefined,
  quorate: true,
  unmet: undefined,
  site: undefined,
  peers: [],
  frozen: false,
  source: undefined,
  neighbours: new Map(),
  preference: NO_PREFERENCE,
  ackers: new Map(),
  cluster: undefined,
  lastLook: undefined,
  tail: undefined,
} as const satisfies Partial<Situation>

/** The answer says it all. */
const SILENT = new Log({
  writer: 'heir',
  node: '-',
  pid: 0,
  file: undefined,
  traceFile: undefined,
  fallback: () => undefined,
})

/** The resource in the CIB; undefined where it has none and none was asked for, as on a node without one. */
async function resourceIn(cib: string, wanted: string | undefined): Promise<ConfiguredResource | undefined> {
  const resources = await parseResources(cib)
  if (resources.length === 0 && wanted === undefined) return undefined
  const choice = chooseResource(resources, wanted)
  if ('refusal' in choice) throw new Failure('misconfigured', choice.refusal)
  return choice.resource
}

const environmentOf = (resource: ConfiguredResource | undefined): Environment =>
  Object.fromEntries([...(resource?.parameters ?? [])].map(([name, value]) => [`OCF_RESKEY_${name}`, value]))

const FORGOTTEN = { memory: BLANK, pair: undefined }

/** As for monitor: what cannot be understood must not take a server that may be healthy from its clients. */
function noticed(
  { topology }: Parameters,
  resource: string,
  node: string,
  cib: string,
): Pick<Situation, 'memory' | 'pair'> {
  try {
    if (topology === 'multi-primary') return pairSight(resource, node, cib)
    return { memory: parseMemory(resource, cib), pair: undefined }
  } catch (error) {
    if (error instanceof Failure) return FORGOTTEN
    throw error
  }
}

/** It does not change while Pacemaker runs, and to ask for it takes a process. */
let ownName: string | undefined

/** The cluster's name of this node; with Pacemaker down it is most likely the host's. */
async function nodeName(deadline: Deadline): Promise<string> {
  if (ownName !== undefined) return ownName
  try {
    ownName = await localNodeName(deadline.within(deadline.remainingMs / 3))
    return ownName
  } catch (error) {
    if (error instanceof Failure) return hostname()
    throw error
  }
}

/** Ask the server until it answers; one that has no connection to offer is asked again while there is time. */
async function observe(session: Session): Promise<Instance> {
  let crowded = false
  const found = await session.deadline.poll(PAUSE_MS, async () => {
    const answer = await ask(session)
    if (!(answer instanceof Failure)) return answer
    // The last try may have no time left to be refused in: it takes back nothing of what the ones before it were told.
    if (answer.kind !== 'crowded' && !(crowded && answer.kind === 'timed-out')) return failed(answer.message)
    crowded = true
    return undefined
  })
  return found ?? failed('mysqld has no connection left: raise max_connections')
}

async function ask(session: Session): Promise<Instance | Failure> {
  try {
    const facts = await observeServer(session, session.deadline)
    return { state: facts.writable ? 'promoted' : 'unpromoted', facts }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return error
  } finally {
    session.hangUp()
  }
}

const failed = (because: string): Instance => ({ state: 'failed', because })
