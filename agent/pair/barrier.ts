import type { ServerFacts } from '../../lib/mysql/server-facts.ts'
import { isReceiving } from '../attention.ts'
import { barrierTo } from '../barrier.ts'
import type { Situation } from '../situation.ts'
import { asReplica } from './pair-view.ts'

/** Why a promotion would be refused as things stand: what the other one acknowledged may be missing here, and it is not there. */
export function pairBarrier(situation: Situation, facts: ServerFacts): string | undefined {
  const replica = asReplica(situation)
  const { record } = replica.memory
  const receives = record && isReceiving(facts, record)
  return receives || situation.source?.answers ? undefined : barrierTo(replica, facts)
}
