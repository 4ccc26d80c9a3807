import type { Held } from '../../cib/holdings.ts'
import { compare, contains, type GtidSet, isEmpty, subtract, union } from '../../lib/mysql/gtid-set.ts'
import { parseGtidSet } from '../../lib/mysql/gtid-text.ts'
import type { Holder } from '../holder.ts'
import { type Basis, prove } from '../proof.ts'
import type { Situation } from '../situation.ts'
import { asReplica } from './pair-view.ts'

/** Why this instance may take writes without the other one, and what it must hold for it; or why it may not. */
export type PairVerdict =
  | { readonly because: string; readonly lossless: boolean; readonly needed: GtidSet }
  | { readonly refusal: string }

type Candidate = Holder & { readonly held: Extract<Held, { by: 'gtid' }> }

/**
 * Judge by the reign of the other one, as its successor would be judged. But what this instance wrote itself stands against
 * nothing: the two may each hold writes that the other one lacks, and fetch them.
 */
export function judge(situation: Situation, candidate: Candidate, other: Holder | undefined): PairVerdict {
  const { memory, durability, unmet, node, pair } = situation
  const { record } = asReplica(situation).memory
  if (record === undefined) return beforeTheOther(situation, candidate, other)
  const answers = other === undefined ? [candidate] : [candidate, other]
  const { bases, missing } = prove({
    ...{ candidate: node, record, durability, answers },
    memory: pair?.memory ?? memory,
  })
  const objections: string[] = []
  for (const basis of bases) {
    const verdict = weigh(basis, candidate, other)
    if (!('refusal' in verdict) && (unmet === undefined || basis.accepted)) return verdict
    objections.push(
      'refusal' in verdict
        ? verdict.refusal
        : `${unmetSentence(node, unmet)}: bring ${unmet} back, or accept the loss with "heir promote --accept-loss"`,
    )
  }
  return { refusal: [...new Set([...objections, ...(missing === undefined ? [] : [missing])])].join('; ') }
}

const unmetSentence = (node: string, other: string | undefined) =>
  `${node} has not met ${other} since Pacemaker started here, so what it remembers may be old`

/** The other one never took writes, so far as is known here: there is nothing that a proof could go by. */
function beforeTheOther(situation: Situation, candidate: Candidate, other: Holder | undefined): PairVerdict {
  const { node, memory, unmet } = situation
  if (unmet !== undefined)
    return { refusal: `${unmetSentence(node, unmet)}: bring ${unmet} back, or remove it from the cluster` }
  return memory.record === undefined ? first(situation, candidate, other) : alone(node)
}

/** It has acknowledged nothing. */
const alone = (node: string): PairVerdict => ({
  because: `${node} alone has taken writes so far`,
  lossless: true,
  needed: new Map(),
})

/** Nobody has taken writes yet: both have to be heard, and to be of one history. */
function first({ node, peers }: Situation, candidate: Candidate, other: Holder | undefined): PairVerdict {
  const silent = peers.find(({ holdings }) => holdings === undefined)
  if (silent !== undefined) return { refusal: `${silent.node} has not published what it holds` }
  const theirs = setOf(other)
  if (compare(candidate.held.set, theirs) === 'diverged' && other !== undefined) {
    return {
      refusal: `${node} and ${other.node} each hold transactions the other lacks: rebuild one of them from the other`,
    }
  }
  return { because: 'nobody has taken writes yet', lossless: true, needed: theirs }
}

/** What a proof asks for, and whether it is here or can be fetched. */
function weigh({ because, lossless, needed }: Basis, candidate: Candidate, other: Holder | undefined): PairVerdict {
  const { flavour, set } = candidate.held
  const all = needed.held
    .map(held => (held.by === 'gtid' ? held.set : new Map()))
    .reduce(union, parseGtidSet(flavour, needed.history))
  const lacking = subtract(all, set)
  if (!isEmpty(lacking) && !contains(setOf(other), lacking))
    return {
      refusal: `${candidate.node} lacks transactions that were acknowledged, and nobody is there to fetch them from`,
    }
  return { because, lossless, needed: all }
}

const setOf = (holder: Holder | undefined): GtidSet => (holder?.held.by === 'gtid' ? holder.held.set : new Map())
