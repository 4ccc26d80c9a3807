import { localNodeName } from '../../cib/cluster.ts'
import { type ConfiguredResource, readResources } from '../../cib/resource-parameters.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import type { Log } from '../../lib/system/log.ts'
import { type Invocation, readInvocation } from '../invocation.ts'
import { parseParameters } from '../parameters.ts'
import { Session } from '../session.ts'

/** Makes the log of a command; only the program's entry knows where it goes. */
export type OpenLog = (invocation: Invocation) => Log

const NONE = 'the cluster has no resource of this agent'

/** What a command goes on with, or one sentence why it cannot. */
export type CommandSession = { readonly session: Session } | { readonly refusal: string }

/**
 * A session with the instance on this node, as an action has it: the parameters come from the cluster's configuration.
 * `wanted` names the resource where the cluster has several of this agent. The caller hangs up.
 */
export async function openSession(
  wanted: string | undefined,
  timeoutMs: number,
  openLog: OpenLog,
): Promise<CommandSession> {
  const deadline = Deadline.in(timeoutMs)
  const [node, resources] = await Promise.all([localNodeName(deadline), readResources(deadline)])
  const choice = chooseResource(resources, wanted)
  if ('refusal' in choice) return choice
  const { resource } = choice

  const settings = [...resource.parameters].map(([name, value]) => [`OCF_RESKEY_${name}`, value])
  const parsed = parseParameters(Object.fromEntries(settings))
  if (!parsed.ok) return { refusal: parsed.because }
  const invocation = readInvocation({
    OCF_RESOURCE_INSTANCE: resource.name,
    OCF_RESKEY_CRM_meta_on_node: node,
    OCF_RESKEY_CRM_meta_timeout: String(timeoutMs),
  })
  const log = openLog(invocation)
  return { session: new Session({ invocation, parameters: parsed.parameters, node, deadline, log }) }
}

/** Which resource is meant; `wanted` may be left out where the cluster has only one of this agent. */
export function chooseResource(
  resources: readonly ConfiguredResource[],
  wanted: string | undefined,
): { readonly resource: ConfiguredResource } | { readonly refusal: string } {
  const names = resources.map(({ name }) => name)
  if (wanted === undefined && names.length > 1) {
    return { refusal: `the cluster has several resources of this agent: choose with --resource ${names.join(' or ')}` }
  }
  const resource = resources.find(({ name }) => name === (wanted ?? names[0]))
  if (resource !== undefined) return { resource }
  return { refusal: wanted === undefined ? NONE : `${wanted} is no resource of this agent: see crm_mon` }
}
