/** An unbroken run of transaction numbers, both ends included; first is at least 1 and at most last. */
export type Interval = readonly [first: number, last: number]

/**
 * A set of transactions, by who wrote them. The key is MySQL's `uuid` or `uuid:tag` in lower case, or MariaDB's
 * `domain-server`. The intervals of a key are sorted, neither overlap nor touch, and are never none: equal sets look equal.
 *
 * MariaDB shows a history as the last number of each server in each domain. That stands for the interval from 1 to this
 * number, under which containment is per domain and server, and a server that the other side never heard of is not contained.
 */
export type GtidSet = ReadonlyMap<string, readonly Interval[]>

/** How a set stands to another one. A partial order: 'diverged' says that each holds something the other lacks. */
export type Standing = 'equal' | 'ahead' | 'behind' | 'diverged'

/** The set without any transaction. */
export const empty: GtidSet = new Map()

/** The set of these intervals, which may come in any order, overlap and repeat. */
export function gtidSet(entries: Iterable<readonly [key: string, interval: Interval]>): GtidSet {
  const byKey = new Map<string, Interval[]>()
  for (const [key, interval] of entries) {
    const known = byKey.get(key)
    if (known === undefined) byKey.set(key, [interval])
    else append(known, interval)
  }
  return new Map(Array.from(byKey, ([key, intervals]) => [key, merge(intervals)]))
}

/** Every interval with its key: what gtidSet() takes. */
export function* entries(set: GtidSet): Generator<readonly [key: string, interval: Interval]> {
  for (const [key, intervals] of set) for (const interval of intervals) yield [key, interval]
}

/** Whether there is no transaction in it. */
export function isEmpty(set: GtidSet): boolean {
  return set.size === 0
}

/** The transactions of a, of b, or of both. */
export function union(a: GtidSet, b: GtidSet): GtidSet {
  return gtidSet([...entries(a), ...entries(b)])
}

/** The transactions of a that b lacks. */
export function subtract(a: GtidSet, b: GtidSet): GtidSet {
  const left = new Map<string, readonly Interval[]>()
  for (const [key, intervals] of a) {
    const remaining = remove(intervals, b.get(key) ?? [])
    if (remaining.length > 0) left.set(key, remaining)
  }
  return left
}

/** Whether the set holds this one transaction. */
export function has(set: GtidSet, key: string, number: number): boolean {
  return (set.get(key) ?? []).some(([first, last]) => first <= number && number <= last)
}

/** Whether a holds every transaction of b. */
export function contains(a: GtidSet, b: GtidSet): boolean {
  return isEmpty(subtract(b, a))
}

/** How a stands to b: 'ahead' means that a holds all of b and more. */
export function compare(a: GtidSet, b: GtidSet): Standing {
  const hasAllOfB = contains(a, b)
  const hasAllOfA = contains(b, a)
  if (hasAllOfB && hasAllOfA) return 'equal'
  if (hasAllOfB) return 'ahead'
  if (hasAllOfA) return 'behind'
  return 'diverged'
}

/**
 * How many transactions the set names. Exact on MySQL. On MariaDB an upper bound: the servers of a domain share one row of
 * numbers, so not every number of an interval is a transaction of that server.
 */
export function count(set: GtidSet): number {
  let total = 0
  for (const [, [first, last]] of entries(set)) total += last - first + 1
  return total
}

function merge(intervals: readonly Interval[]): Interval[] {
  const merged: Interval[] = []
  for (const interval of intervals.toSorted((a, b) => a[0] - b[0])) append(merged, interval)
  return merged
}

/** Add an interval at the end, as part of the last one where it continues that. */
function append(intervals: Interval[], interval: Interval): void {
  const previous = intervals.at(-1)
  if (previous !== undefined && interval[0] >= previous[0] && interval[0] <= previous[1] + 1) {
    intervals[intervals.length - 1] = [previous[0], Math.max(previous[1], interval[1])]
  } else {
    intervals.push(interval)
  }
}

function remove(from: readonly Interval[], unwanted: readonly Interval[]): Interval[] {
  const left: Interval[] = []
  for (const [first, last] of from) {
    let start = first
    for (const [unwantedFirst, unwantedLast] of unwanted) {
      if (unwantedLast < start || unwantedFirst > last) continue
      if (unwantedFirst > start) left.push([start, unwantedFirst - 1])
      start = unwantedLast + 1
    }
    if (start <= last) left.push([start, last])
  }
  return left
}
