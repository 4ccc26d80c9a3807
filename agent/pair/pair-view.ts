import type { ClusterMemory } from '../../cib/memory.ts'
import type { PairSettings } from '../../lib/mysql/pair-settings.ts'
import type { Situation } from '../situation.ts'

/** What one instance of a pair, in which both take writes, knows of the other one. */
export interface PairView {
  /** Its node; undefined before it was promoted for the first time. */
  readonly other: string | undefined
  /** Its reign: this instance is its replica. */
  readonly memory: ClusterMemory
  /** Whether this instance was ever promoted: else it has no writes of its own. */
  readonly hasReigned: boolean
  /** What keeps the writes of the two apart; undefined where it was not looked at. */
  readonly settings: { readonly own: PairSettings; readonly others: PairSettings | undefined } | undefined
}

/** The same situation with the eyes of a replica: by the reign of the other source. That of a single primary as it is. */
export const asReplica = (situation: Situation): Situation =>
  situation.pair === undefined ? situation : { ...situation, memory: situation.pair.memory }
