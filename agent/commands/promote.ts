import { formatAcceptedLoss } from '../../cib/accepted-loss.ts'
import { ATTRIBUTES } from '../../cib/attributes.ts'
import { readCib } from '../../cib/cib-text.ts'
import { writeProperty } from '../../cib/cluster.ts'
import { type InstanceStatus, readClusterStatus } from '../../cib/cluster-status.ts'
import { type ClusterMemory, parseMemory } from '../../cib/memory.ts'
import { parsePairMemory, reignOf } from '../../cib/reign.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { choose, type PromotionReport, type PromotionRequest, raiseUntilPromoted } from './promotion.ts'

/** The options of the command line, as yargs takes them. */
export const PROMOTE_OPTIONS = {
  to: { type: 'string', demandOption: true, describe: 'Node that becomes the source' },
  'accept-loss': {
    type: 'boolean',
    demandOption: true,
    describe: 'Acknowledged writes that this node lacks may be lost: without this there is "heir switchover"',
  },
  resource: { type: 'string', describe: 'Name of the resource, where there are several' },
  timeout: { type: 'number', default: 60, describe: 'Seconds to wait for the promotion' },
} as const

/**
 * Promote a node that cannot be proven to hold every acknowledged write: the last resort, when those who could prove it do not
 * come back. The word counts for this one promotion and stands in the cluster; the promotion says in its log that it relied on it.
 */
export async function promoteAcceptingLoss({ to, resource, timeoutMs }: PromotionRequest): Promise<PromotionReport> {
  const deadline = Deadline.in(timeoutMs)
  const instances = await readClusterStatus(deadline)
  const choice = choose(instances, to, resource)
  if ('refusal' in choice) return { done: false, sentence: choice.refusal }
  const cib = await readCib(deadline)
  const { other, others } = parsePairMemory(choice.resource, to, cib)
  const reign = other === undefined ? choice.resource : reignOf(choice.resource, other) // that of whoever it would serve without
  const memory = other === undefined ? parseMemory(choice.resource, cib) : others
  const refusal = whyNot(to, instances, memory)
  if (refusal !== undefined || memory.record === undefined) return { done: false, sentence: refusal ?? FRESH }

  const { epoch, node } = memory.record
  await writeProperty(ATTRIBUTES.acceptedLoss(reign), formatAcceptedLoss({ epoch, node: to }), deadline)
  if (await raiseUntilPromoted(choice.resource, to, deadline))
    return { done: true, sentence: `${to} is promoted; what ${node} holds beyond it is lost` }
  return { done: false, sentence: `${to} has not been promoted within ${timeoutMs / 1000} s; see crm_mon and the log` }
}

const FRESH = 'the cluster has had no source yet, so there is nothing to lose: it promotes one by itself'

/** Why this is not the case that the command is for. */
export function whyNot(to: string, instances: readonly InstanceStatus[], memory: ClusterMemory): string | undefined {
  const promoted = instances.find(({ role }) => role === 'Promoted')
  if (promoted)
    return `${promoted.node} is promoted: hand its role over with "heir switchover --to ${to}", which loses nothing`
  if (memory.record === undefined) return FRESH
  const quarantine = memory.quarantines.get(to)
  return quarantine === undefined ? undefined : `${to} is in quarantine: ${quarantine}`
}
