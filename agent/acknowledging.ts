import { isAway, type SourceRecord } from '../cib/source-record.ts'
import type { ServerFacts } from '../lib/mysql/server-facts.ts'
import { keepsCommits } from './durability.ts'
import type { Plan } from './plan.ts'
import { proceed } from './plan.ts'
import type { Situation } from './situation.ts'

/** Whether this instance may acknowledge in the record's epoch: it has said so, and no power loss has come between. */
export function isRegistered(situation: Situation, facts: ServerFacts, record: SourceRecord): boolean {
  const registration = situation.memory.registrations.get(situation.node)
  return registration?.epoch === record.epoch && !isAway(record) && survives(situation, facts)
}

/** Whether it does acknowledge, and may. */
export function isAcknowledging(situation: Situation, facts: ServerFacts, record: SourceRecord): boolean {
  return isRegistered(situation, facts, record) && facts.semiSync?.replicaEnabled === true
}

/** Whether all is still here that this instance acknowledged: its machine has not lost power since, or its relay log was synchronized. */
function survives({ memory, node, boot }: Situation, { relayLogSynced }: ServerFacts): boolean {
  const registration = memory.registrations.get(node)
  return registration === undefined || registration.boot === boot || relayLogSynced
}

/** Whether the last source has all that it acknowledged to clients: after a loss of power only if its commits were on disk. */
export function isComplete({ boot, memory }: Pick<Situation, 'boot' | 'memory'>, record: SourceRecord): boolean {
  return record.boot === boot || keepsCommits(record, memory)
}

/**
 * Whether what it says in an election at the end of the record's epoch can be relied on: as the last source that all is here
 * that it acknowledged to clients, as an acker that all is here that it acknowledged to the source.
 */
export function isSound(situation: Situation, facts: ServerFacts): boolean {
  const { memory, node } = situation
  if (memory.record?.node === node) return isComplete(situation, memory.record)
  const counts = memory.record && (memory.registrations.get(node)?.epoch ?? 0) >= memory.record.epoch
  return !counts || survives(situation, facts)
}

/**
 * Make a replica that follows an acker. It registers first, and not before it holds what the source had a moment ago: what it
 * acknowledged and lost with its power is back by then.
 */
export function becomeAcker(situation: Situation, facts: ServerFacts, record: SourceRecord): Plan | undefined {
  const { node, source, durability, memory } = situation
  if (durability.mode === 'async' || isAway(record)) return undefined // no commit waits for another site
  // One that takes no writes may have lost its end with its power: to be in step with it brings nothing back.
  if (memory.quarantines.has(node) || !source?.answers || !source.writable) return undefined
  if (isAcknowledging(situation, facts, record)) return undefined
  return proceed(`acknowledging commits of ${record.node} from now on`, [
    { do: 'await-transactions', set: source.executed },
    { do: 'register-acker', epoch: record.epoch }, // anew, even if it is registered: the source may be taking that back
    { do: 'arm-replica' },
    { do: 'restart-receiver' },
  ])
}
