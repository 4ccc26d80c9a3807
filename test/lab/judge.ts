import type { Attempt } from './write-record.ts'

/** What one server holds, measured by what the clients were told. Ids of rows. */
export interface Verdict {
  readonly server: string
  readonly rows: number
  /** Acknowledged, but not there: lost. */
  readonly missing: readonly string[]
  /** There, but never acknowledged: the client could not know, and may write it again. */
  readonly unacknowledged: readonly string[]
  /** There, but never sent by anyone. */
  readonly foreign: readonly string[]
}

/** Compare what was sent and acknowledged with what each server holds, given as the ids of its rows. */
export function judge(attempts: readonly Attempt[], held: ReadonlyMap<string, ReadonlySet<string>>): Verdict[] {
  const sent = new Set(attempts.map(({ id }) => id))
  const acknowledged = new Set(attempts.filter(isAcknowledged).map(({ id }) => id))
  return [...held].map(([server, rows]) => ({
    server,
    rows: rows.size,
    missing: [...acknowledged.difference(rows)],
    unacknowledged: [...rows.intersection(sent).difference(acknowledged)],
    foreign: [...rows.difference(sent)],
  }))
}

/** A time without an acknowledged write. Milliseconds since 1970. */
export interface WriteGap {
  readonly begin: number
  readonly end: number
  /** Whether an acknowledgement ended it; else it lasts to the end of the record. */
  readonly over: boolean
}

/**
 * The longest time between two successive acknowledgements that touches the given time: from a fault (the last acknowledgement may be
 * older) to the next one (what goes on after that is the next one's). Undefined when nothing was acknowledged before the time ends.
 */
export function longestGap(attempts: readonly Attempt[], from: number, to: number): WriteGap | undefined {
  const instants = acknowledgements(attempts)
  const end = attempts.reduce((latest, attempt) => Math.max(latest, attempt.end), 0)
  const gaps = instants.map((begin, index) => {
    const next = instants[index + 1] ?? Number.POSITIVE_INFINITY
    return { begin, end: Math.min(next, end, to), over: next <= Math.min(end, to) }
  })
  const touching = gaps.filter(gap => gap.end >= from && gap.begin <= to)
  return touching.toSorted((a, b) => b.end - b.begin - (a.end - a.begin))[0]
}

/** Acknowledged writes in one span of time. */
export interface Bucket {
  /** Milliseconds since 1970. */
  readonly begin: number
  readonly writes: number
}

/** Acknowledged writes in spans of equal length, empty spans too, from the first attempt on; the record's last span only if it is over. */
export function buckets(attempts: readonly Attempt[], lengthMs: number): Bucket[] {
  const first = attempts.reduce((earliest, { begin }) => Math.min(earliest, begin), Number.POSITIVE_INFINITY)
  const last = attempts.reduce((latest, { end }) => Math.max(latest, end), first)
  const spans = attempts.length === 0 ? 0 : Math.floor((last - first) / lengthMs)
  const counts = new Array<number>(spans).fill(0)
  for (const instant of acknowledgements(attempts)) {
    const span = Math.floor((instant - first) / lengthMs)
    if (span < spans) counts[span] = (counts[span] ?? 0) + 1
  }
  return counts.map((writes, span) => ({ begin: first + span * lengthMs, writes }))
}

function acknowledgements(attempts: readonly Attempt[]): number[] {
  const instants = attempts.filter(isAcknowledged).map(({ end }) => end)
  return instants.toSorted((a, b) => a - b)
}

function isAcknowledged({ error }: Attempt): boolean {
  return error === undefined
}
