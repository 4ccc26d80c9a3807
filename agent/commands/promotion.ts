import { type InstanceStatus, readClusterStatus } from '../../cib/cluster-status.ts'
import { writePromotionScore } from '../../cib/promotion-score.ts'
import type { Deadline } from '../../lib/system/deadline.ts'

/** A score above every one that an instance gives itself; the new source replaces it by its own when it is promoted. */
const CHOSEN = 100_000

/** Which node of which resource is to be promoted. */
export interface PromotionRequest {
  readonly to: string
  /** Undefined where the cluster has only one resource of this agent. */
  readonly resource: string | undefined
  readonly timeoutMs: number
}

/** What became of it, for the one who asked. */
export interface PromotionReport {
  readonly done: boolean
  readonly sentence: string
}

/** It was not done, and why. */
export const refused = (sentence: string): PromotionReport => ({ done: false, sentence })

/** The resource that is meant, and whether the node is promoted already; or one sentence why nobody can be. */
export type Choice = { readonly resource: string; readonly already: boolean } | { readonly refusal: string }

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

/** Raise the node's promotion score above all others until it is promoted; whether it was in time. */
export async function raiseUntilPromoted(resource: string, to: string, deadline: Deadline): Promise<boolean> {
  await writePromotionScore(resource, to, CHOSEN, deadline)
  const promoted = await deadline.poll(200, async () => {
    const instances = await readClusterStatus(deadline)
    const isPromoted = instances.some(
      instance => instance.resource === resource && instance.node === to && instance.role === 'Promoted',
    )
    return isPromoted || undefined
  })
  return promoted ?? false
}
