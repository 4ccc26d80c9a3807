import type { FaultOutcome } from './types.ts'

/** The rows of one fault on one engine, summed up. Times are milliseconds. */
export interface Tally {
  readonly fault: string
  readonly title: string
  readonly rows: number
  /** The median of those where writes came back, and the longest; undefined where they never did. */
  readonly medianGapMs: number | undefined
  readonly longestGapMs: number | undefined
  /** Rows after which nobody could write any more. */
  readonly withoutWrites: number
  /** Acknowledged transactions that were lost in all rows that could be judged. */
  readonly lost: number
  /** Rows of which nobody can say whether something was lost. */
  readonly unjudged: number
  /** The longest time until the cluster was healthy; undefined where it did not get there in any row. */
  readonly healthyMs: number | undefined
  readonly unhealthy: number
  /** The rows in which every check was green. */
  readonly green: number
}

/** Sum up the rows of each fault, in the order in which the faults first came. */
export function tally(outcomes: readonly FaultOutcome[]): Tally[] {
  return [...Map.groupBy(outcomes, ({ fault }) => fault).values()].map(tallyRows)
}

export function isGreen({ checks }: FaultOutcome): boolean {
  return checks.length > 0 && checks.every(({ ok }) => ok)
}

/** Sum up rows as if they were of one fault. */
export function tallyRows(rows: readonly FaultOutcome[]): Tally {
  const gaps = numbers(rows.map(({ gapMs }) => gapMs))
  const healthy = numbers(rows.map(({ healthyMs }) => healthyMs))
  const lost = numbers(rows.map(({ lost }) => lost))
  return {
    fault: rows[0]?.fault ?? '',
    title: rows[0]?.title ?? '',
    rows: rows.length,
    medianGapMs: gaps[Math.floor((gaps.length - 1) / 2)],
    longestGapMs: gaps.at(-1),
    withoutWrites: rows.length - gaps.length,
    lost: lost.reduce((sum, count) => sum + count, 0),
    unjudged: rows.length - lost.length,
    healthyMs: healthy.at(-1),
    unhealthy: rows.length - healthy.length,
    green: rows.filter(isGreen).length,
  }
}

/** Those that are known, in their order. */
function numbers(values: readonly (number | null)[]): number[] {
  return values.filter(value => value !== null).toSorted((a, b) => a - b)
}
