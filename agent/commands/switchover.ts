import { type InstanceStatus, readClusterStatus } from '../../cib/cluster-status.ts'
import { readPromotionScore, writePromotionScore } from '../../cib/promotion-score.ts'
import { Deadline } from '../../lib/system/deadline.ts'

/** A score above every one that an instance gives itself; the new source replaces it by its own when it is promoted. */
const CHOSEN = 100_000

/** The options of the command line, as yargs takes them. */
export const SWITCHOVER_OPTIONS = {
  to: { type: 'string', demandOption: true, describe: 'Node that becomes the source' },
  resource: { type: 'string', describe: 'Name of the resource, where there are several' },
  timeout: { type: 'number', default: 60, describe: 'Seconds to wait for the promotion' },
} as const

export interface SwitchoverRequest {
  readonly to: string
  /** Undefined where the cluster has only one resource of this agent. */
  readonly resource: string | undefined
  readonly timeoutMs: number
}

export interface SwitchoverReport {
  readonly done: boolean
  readonly sentence: string
}

/**
 * Hand the source's role over to a node by raising its promotion score: no constraint is left behind.
 * Ends when the node is promoted; when that fails, its score is what it was.
 */
export async function switchover({ to, resource, timeoutMs }: SwitchoverRequest): Promise<SwitchoverReport> {
  const deadline = Deadline.in(timeoutMs)
  const choice = choose(await readClusterStatus(deadline), to, resource)
  if ('refusal' in choice) return { done: false, sentence: choice.refusal }
  if (choice.already) return { done: true, sentence: `${to} is promoted already` }

  const name = choice.resource
  const before = await readPromotionScore(name, to, deadline)
  if (before === undefined || !(Number(before) > 0)) {
    return {
      done: false,
      sentence: `${to} may not be promoted: its promotion score is ${before ?? 'not set'}; see its exit reason in crm_mon`,
    }
  }
  await writePromotionScore(name, to, CHOSEN, deadline)
  const promoted = await deadline.poll(200, async () => {
    const instances = await readClusterStatus(deadline)
    return (
      instances.some(({ resource, node, role }) => resource === name && node === to && role === 'Promoted') || undefined
    )
  })
  if (promoted) return { done: true, sentence: `${to} is promoted` }

  await writePromotionScore(name, to, before, Deadline.in(10_000))
  return {
    done: false,
    sentence: `${to} has not been promoted within ${timeoutMs / 1000} s; its promotion score is ${before} again`,
  }
}

type Choice = { readonly resource: string; readonly already: boolean } | { readonly refusal: string }

/** Which resource is meant, and whether the node can take the role. */
export function choose(instances: readonly InstanceStatus[], to: string, wanted: string | undefined): Choice {
  const resources = [...new Set(instances.map(({ resource }) => resource))]
  const resource = wanted ?? resources[0]
  if (resource === undefined) return { refusal: 'no resource of this agent runs in the cluster' }
  if (wanted === undefined && resources.length > 1) {
    return {
      refusal: `the cluster has ${resources.length} resources of this agent: choose with --resource ${resources.join(' or ')}`,
    }
  }
  const mine = instances.filter(instance => instance.resource === resource)
  const target = mine.find(({ node }) => node === to)
  if (!target)
    return {
      refusal: `${resource} does not run on ${to}: it runs on ${mine.map(({ node }) => node).join(', ') || 'no node'}`,
    }
  return { resource, already: target.role === 'Promoted' }
}
