import type { ServerFacts } from '../../lib/mysql/server-facts.ts'
import { becomeAcker, isAcknowledging, isRegistered } from '../acknowledging.ts'
import { isReceiving } from '../attention.ts'
import { follow, isFollowing } from '../follow.ts'
import type { Plan, Step } from '../plan.ts'
import type { Situation } from '../situation.ts'
import { asReplica } from './pair-view.ts'

/** Whether this instance receives from the other one, and acknowledges where it has to. */
export function isInTouch(situation: Situation, facts: ServerFacts): boolean {
  const replica = asReplica(situation)
  const { record } = replica.memory
  if (record === undefined) return true
  const acknowledges = situation.durability.mode === 'async' || isAcknowledging(replica, facts, record)
  return isReceiving(facts, record) && acknowledges
}

/** Replicate from the other one and acknowledge its commits, whether writes are open here or not; undefined: it does. */
export function keepInTouch(situation: Situation, facts: ServerFacts, wasRegistered = false): Plan | undefined {
  const replica = asReplica(situation)
  const { record } = replica.memory
  if (record === undefined) return undefined
  const mayAcknowledge = wasRegistered ? isRegistered(replica, facts, record) : isAcknowledging(replica, facts, record)
  const plan = isFollowing(facts, record)
    ? becomeAcker(replica, facts, record)
    : follow(replica, facts, record, mayAcknowledge)
  return plan && { ...plan, steps: plan.steps.filter(step => !endsWaiting(step) || !facts.writable) }
}

/** What a replica that follows a new source does, and a source must not: its own commits go on waiting. */
const endsWaiting = ({ do: name }: Step) => name === 'disarm-source'
