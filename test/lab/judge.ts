import { type Attempt, rowIds } from './write-record.ts'

/** What one server holds, measured by what the clients were told. Ids of transactions, which are those of their first rows. */
export interface Verdict {
  readonly server: string
  readonly rows: number
  /** Acknowledged, but not there, or not all of it: lost. */
  readonly missing: readonly string[]
  /** Some of its rows are there and others are not, whatever the client was told. */
  readonly torn: readonly string[]
  /** There, but never acknowledged: the client could not know, and may write it again. */
  readonly unacknowledged: readonly string[]
  /** There, though the client never asked to commit it. */
  readonly uncommitted: readonly string[]
  /** Rows that are there, but were never sent by anyone. */
  readonly foreign: readonly string[]
}

/** Compare what was sent and acknowledged with what each server holds, given as the ids of its rows. */
export function judge(attempts: readonly Attempt[], held: ReadonlyMap<string, ReadonlySet<string>>): Verdict[] {
  return [...held].map(([server, rows]) => judgeServer(attempts, server, rows))
}

function judgeServer(attempts: readonly Attempt[], server: string, rows: ReadonlySet<string>): Verdict {
  const sent = new Set<string>()
  const ids = (of: readonly Standing[]) => of.map(({ attempt }) => attempt.id)
  const standings = attempts.map((attempt): Standing => {
    const own = rowIds(attempt)
    for (const id of own) sent.add(id)
    return { attempt, there: own.filter(id => rows.has(id)).length }
  })
  const there = standings.filter(standing => standing.there > 0)
  return {
    server,
    rows: rows.size,
    missing: ids(standings.filter(({ attempt, there }) => isAcknowledged(attempt) && there < attempt.rows)),
    torn: ids(there.filter(({ attempt, there }) => there < attempt.rows)),
    unacknowledged: ids(there.filter(({ attempt }) => !isAcknowledged(attempt))),
    uncommitted: ids(there.filter(({ attempt }) => attempt.sent === undefined)),
    foreign: [...rows].filter(id => !sent.has(id)),
  }
}

/** How many of a transaction's rows a server holds. */
interface Standing {
  readonly attempt: Attempt
  readonly there: number
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

/** Whether the client was told that its transaction is committed. */
export function isAcknowledged({ error }: Pick<Attempt, 'error'>): boolean {
  return error === undefined
}
