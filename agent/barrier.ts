import type { ServerFacts } from '../lib/mysql/server-facts.ts'
import { isSound } from './acknowledging.ts'
import { ackersOf, certifiedAcks } from './durability.ts'
import { holds } from './holds.ts'
import { prove } from './proof.ts'
import type { Situation } from './situation.ts'

/**
 * Why a promotion of this unpromoted instance would be refused as things stand, whatever the others turn out to hold:
 * Pacemaker had better not try. Undefined where nothing is known against it.
 */
export function barrierTo(situation: Situation, facts: ServerFacts): string | undefined {
  const { node, memory, durability, cluster, instances } = situation
  const { record } = memory
  if (record === undefined || record.node === node || instances <= 1) return undefined
  const held = holds(situation, facts)
  if (held === undefined) return undefined
  const ackers = certifiedAcks(record, memory) > 0 ? ackersOf(record, memory) : []
  const expected = cluster ? cluster.active : ackers // whoever is there may yet answer
  const answers = expected.map(one => ({ node: one, held, sound: one !== node || isSound(situation, facts) }))
  const { bases, missing } = prove({ candidate: node, record, memory, durability, answers })
  return bases.length > 0 ? undefined : missing
}
