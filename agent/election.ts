import type { Held } from '../cib/holdings.ts'
import { compare, type Standing } from '../lib/mysql/gtid-set.ts'
import type { Coordinates } from '../lib/mysql/server-facts.ts'
import type { Peer } from './situation.ts'

/** Who holds what; the candidate among them. */
export interface Holder extends Peer {
  readonly held: Held
}

/** What an election says to the candidate. */
export type Verdict =
  | { readonly say: 'go' }
  /** The candidate lacks transactions that this peer holds; nobody holds more than the peer. */
  | { readonly say: 'catch-up'; readonly from: Holder }
  | { readonly say: 'refuse'; readonly because: string }

/**
 * Whether the candidate may become the source: it must hold, or be able to fetch, everything that any member of the
 * electorate holds. Judged by what was received, never by what was applied, and only once every peer has spoken.
 */
export function elect(candidate: Holder, peers: readonly Peer[]): Verdict {
  const silent = peers.filter(peer => peer.held === undefined)
  if (silent.length > 0) return refusal(`${names(silent)} has not published what it holds`)

  const holders = [candidate, ...peers.filter((peer): peer is Holder => peer.held !== undefined)]
  const incomparable = holders.find(holder => standing(candidate.held, holder.held) === undefined)
  if (incomparable)
    return refusal(
      `${incomparable.node} and ${candidate.node} do not replicate in the same way, so neither shows what the other lacks`,
    )

  const best = holders.find(holder => holders.every(other => holdsAllOf(holder, other)))
  if (!best) return refusal(splitSentence(holders))
  if (holdsAllOf(candidate, best)) return { say: 'go' }
  if (best.held.by === 'coordinates')
    return refusal(`${best.node} holds more than ${candidate.node}, which cannot fetch the difference without GTIDs`)
  return { say: 'catch-up', from: best }
}

/** How a stands to b; undefined when the two cannot be compared. */
export function standing(a: Held, b: Held): Standing | undefined {
  if (a.by === 'gtid' && b.by === 'gtid' && a.flavour === b.flavour) return compare(a.set, b.set)
  if (a.by === 'coordinates' && b.by === 'coordinates') return compareCoordinates(a.readTo, b.readTo)
  return undefined
}

/**
 * How two places in the binary log of one server stand to each other; undefined when the base names of the files differ.
 * The number after the last dot orders the files ("binlog.000009" before "binlog.1000000").
 */
export function compareCoordinates(a: Coordinates, b: Coordinates): Standing | undefined {
  const [aBase, aNumber] = splitLogName(a.file)
  const [bBase, bNumber] = splitLogName(b.file)
  if (aBase !== bBase) return undefined
  const difference = aNumber - bNumber || a.position - b.position
  return difference === 0 ? 'equal' : difference > 0 ? 'ahead' : 'behind'
}

function splitLogName(file: string): readonly [base: string, number: number] {
  const dot = file.lastIndexOf('.')
  return [file.slice(0, dot), Number(file.slice(dot + 1))]
}

function holdsAllOf(holder: Holder, other: Holder): boolean {
  const stands = standing(holder.held, other.held)
  return stands === 'equal' || stands === 'ahead'
}

function splitSentence(holders: readonly Holder[]): string {
  for (const a of holders) {
    const b = holders.find(other => standing(a.held, other.held) === 'diverged')
    if (b) return `${a.node} and ${b.node} each hold transactions the other lacks: rebuild one of them from the other`
  }
  return 'no member of the electorate holds everything that the others hold'
}

const names = (peers: readonly Peer[]) => peers.map(peer => peer.node).join(' and ')
const refusal = (because: string): Verdict => ({ say: 'refuse', because })
