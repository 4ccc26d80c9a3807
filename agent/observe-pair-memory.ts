import { BLANK } from '../cib/memory.ts'
import { parsePairMemory } from '../cib/reign.ts'
import type { PairView } from './pair/pair-view.ts'
import type { Situation } from './situation.ts'

/** What the cluster remembers of both, from the text of the CIB as the instance on a node sees it; blank without a text. */
export function pairSight(
  resource: string,
  node: string,
  cib: string | undefined,
): Pick<Situation, 'memory'> & { pair: PairView } {
  if (cib === undefined)
    return { memory: BLANK, pair: { other: undefined, memory: BLANK, hasReigned: false, settings: undefined } }
  const { own, other, others } = parsePairMemory(resource, node, cib)
  return { memory: own, pair: { other, memory: others, hasReigned: own.record !== undefined, settings: undefined } }
}
