import { contains } from '../lib/mysql/gtid-set.ts'
import { parseGtidSet } from '../lib/mysql/gtid-text.ts'
import { type Holder, holdsAllOf, standing } from './holder.ts'
import type { Needed } from './proof.ts'

/** What an election says to the candidate. */
export type Verdict =
  | { readonly say: 'go' }
  /** The candidate lacks transactions that this holder has; nobody who fits holds more. */
  | { readonly say: 'catch-up'; readonly from: Holder }
  | { readonly say: 'refuse'; readonly because: string }

/**
 * Whether the candidate may become the source: it must hold, or be able to fetch, all that is needed. Where somebody holds
 * more than that, the candidate takes it along: it would be an orphan afterwards. Judged by what was received, never by what
 * was applied.
 */
export function elect(candidate: Holder, peers: readonly Holder[], needed: Needed): Verdict {
  const holders = [candidate, ...peers]
  const stranger = needed.held.find(held => standing(candidate.held, held) === undefined)
  if (stranger) return refusal(`${candidate.node} does not replicate as the others do, so nothing shows what it lacks`)

  const fit = holders.filter(holder => isComplete(holder, needed))
  const best = furthest(fit.includes(candidate) ? candidate : fit[0], fit)
  if (best === undefined) return refusal(splitSentence(holders, needed))
  if (best === candidate) return { say: 'go' }
  if (standing(candidate.held, best.held) !== 'behind')
    return refusal(`${candidate.node} holds transactions that ${best.node} lacks, which is to be followed: rebuild it`)
  if (best.held.by === 'coordinates')
    return refusal(`${best.node} holds more than ${candidate.node}, which cannot fetch the difference without GTIDs`)
  return { say: 'catch-up', from: best }
}

function isComplete({ held }: Holder, needed: Needed): boolean {
  const hasBegun = held.by === 'coordinates' || contains(held.set, parseGtidSet(held.flavour, needed.history))
  return hasBegun && needed.held.every(one => holdsAllOf(held, one))
}

/** From one holder on to those that are ahead of it, up to one that nobody is ahead of. */
function furthest(start: Holder | undefined, holders: readonly Holder[]): Holder | undefined {
  return holders.reduce((best, one) => (best && standing(one.held, best.held) === 'ahead' ? one : best), start)
}

function splitSentence(holders: readonly Holder[], needed: Needed): string {
  for (const a of holders) {
    const b = holders.find(other => standing(a.held, other.held) === 'diverged')
    const bothNeeded = b && needed.held.includes(a.held) && needed.held.includes(b.held)
    if (bothNeeded)
      return `${a.node} and ${b.node} each hold transactions the other lacks: rebuild one of them from the other`
  }
  return `none of ${holders.map(({ node }) => node).join(', ')} holds all that was acknowledged`
}

const refusal = (because: string): Verdict => ({ say: 'refuse', because })
