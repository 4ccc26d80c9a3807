import { observePair } from './observe-pair.ts'
import { pairFitness } from './pair/fitness.ts'
import { PAIR_TRANSITIONS } from './pair/transitions.ts'
import type { Situation } from './situation.ts'
import { type Deed, decide } from './transitions.ts'

/** How an instance of a pair is seen, acted upon and judged: two instances take writes and replicate from each other. */
export const PAIR = {
  observe: observePair,
  decide: (deed: Deed, situation: Situation) => decide(deed, situation, PAIR_TRANSITIONS),
  fitness: pairFitness,
} as const
