/** What `npm run bench` found on one engine; kept in packaging/measured/ for the tables of the README. Plain data. */
export interface Measurement<Run> {
  /** The day of its last run: 2026-11-21. */
  readonly date: string
  readonly engine: string
  /** By the name of the software. */
  readonly versions: Readonly<Record<string, string>>
  readonly runs: readonly Run[]
}

/** What one fault did to the clients of one agent's cluster. */
export interface FailoverRun {
  readonly agent: string
  readonly fault: string
  readonly before: string
  /** The source afterwards; empty where there was none in time. */
  readonly after: string
  /** The longest time without an acknowledged transaction, in milliseconds; null where writes did not come back. */
  readonly gapMs: number | null
  readonly acknowledged: number
  /** Acknowledged transactions that the source lacks afterwards; null where there is none. */
  readonly lost: number | null
  /** Whether every node was the source or a replica of it again, without help. */
  readonly returned: boolean
  /** The nodes that hold other rows than the source when all has come to rest. */
  readonly differing: readonly string[]
}

/** One write gap of heir, taken apart; milliseconds. */
export interface GapRun {
  readonly fault: string
  readonly gapMs: number
  /** By name, in the order of time; the sum is the gap. */
  readonly parts: Readonly<Record<string, number>>
  /** What promote on the new source spent its time on, up to its answer. */
  readonly promote: Readonly<Record<string, number>>
  /** The agent's own share: pre-promote on all nodes, and promote until it opens writes. */
  readonly shareMs: number
}

/** The middle one; the upper of two. Undefined of nothing. */
export const median = (numbers: readonly number[]): number | undefined =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
