import type { ServerFacts } from '../../lib/mysql/server-facts.ts'
import type { Plan } from '../plan.ts'
import type { Situation } from '../situation.ts'
import { asReplica } from './pair-view.ts'

/**
 * Forget what was received from the other one and cannot be executed, once an operator has said that this one goes on without
 * it: the other one's data were replaced by those of this one, which would wait for what is gone for good. Undefined where
 * nothing is to be forgotten.
 */
export function forgetGivenUp(
  situation: Situation,
  { replication }: ServerFacts,
): Pick<Plan, 'because' | 'steps'> | undefined {
  const { node } = situation
  const { record, acceptedLoss } = asReplica(situation).memory
  if (record === undefined || acceptedLoss?.epoch !== record.epoch || acceptedLoss.node !== node) return undefined
  if (replication?.applierError === undefined) return undefined
  const because = `${node} gives up what it has received from ${record.node} and cannot execute: an operator has accepted that loss`
  return { because, steps: [{ do: 'disarm-replica' }, { do: 'forget-source' }] }
}
