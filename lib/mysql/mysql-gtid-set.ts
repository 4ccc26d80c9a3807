import type { Failure } from '../system/failure.ts'
import { type GtidSet, gtidSet, type Interval } from './gtid-set.ts'
import { unintelligible, wholeNumber } from './gtid-syntax.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const TAG = /^[a-z_][a-z0-9_]{0,31}$/i
const INTERVAL = /^([0-9]+)(?:\s*-\s*([0-9]+))?$/

/**
 * Read a GTID set as MySQL writes it: `uuid:1-3:7:tag:5-7,uuid:4`, white space between the tokens, letters in either case,
 * the empty text for the empty set (MySQL manual, "GTID Sets"; tags since 8.3).
 * Throws Failure `unintelligible`, naming the part that is no such text. That is stricter than the server, which takes a
 * missing or an impossible interval (`uuid`, `uuid:3-1`, a comma too many) for no transactions.
 */
export function parseMysqlGtidSet(text: string): GtidSet {
  if (text.trim() === '') return gtidSet([])
  return gtidSet(text.split(',').flatMap(parseUuidSet))
}

/**
 * Read the transactions that are being committed, as gtid_owned has them: each number with its thread, `uuid:3#71:4#72`, and
 * nothing between the last thread of one server and the next server, whose name may begin with digits as well.
 */
export function parseOwned(text: string): GtidSet {
  const servers = text.replaceAll(/#\d+?(?=[0-9a-f]{8}-[0-9a-f]{4}-)/gi, ',')
  return parseMysqlGtidSet(servers.replaceAll(/#\d+/g, ''))
}

/** Write a set as MySQL reads it, servers and tags in alphabetical order, without white space. */
export function formatMysqlGtidSet(set: GtidSet): string {
  const byUuid = new Map<string, string>()
  for (const key of [...set.keys()].sort()) {
    const [uuid = key, tag] = key.split(':')
    const intervals = (set.get(key) ?? []).map(formatInterval)
    byUuid.set(uuid, [byUuid.get(uuid) ?? uuid, ...(tag === undefined ? [] : [tag]), ...intervals].join(':'))
  }
  return [...byUuid.values()].join(',')
}

function parseUuidSet(text: string): [string, Interval][] {
  const [uuid = '', ...parts] = text.split(':').map(part => part.trim())
  if (!UUID.test(uuid)) throw unintelligible('A MySQL GTID set needs a server UUID here', text.trim())
  const intervals: [string, Interval][] = []
  let tag: string | undefined
  for (const [index, part] of parts.entries()) {
    const isTag = TAG.test(part)
    const isLast = index === parts.length - 1
    if (isTag && (isLast || TAG.test(parts[index + 1] ?? ''))) throw withoutTransactions(text)
    if (isTag) tag = part
    else intervals.push([(tag === undefined ? uuid : `${uuid}:${tag}`).toLowerCase(), parseInterval(part)])
  }
  if (intervals.length === 0) throw withoutTransactions(text)
  return intervals
}

function withoutTransactions(text: string): Failure {
  return unintelligible('A MySQL GTID set names no transactions here', text.trim())
}

function parseInterval(text: string): Interval {
  const [, from, to] = INTERVAL.exec(text) ?? []
  if (from === undefined) throw unintelligible('A MySQL GTID set needs an interval here', text)
  const first = wholeNumber(from)
  const last = to === undefined ? first : wholeNumber(to)
  if (first < 1 || last < first) throw unintelligible('A MySQL GTID set has an impossible interval', text)
  return [first, last]
}

function formatInterval([first, last]: Interval): string {
  return first === last ? `${first}` : `${first}-${last}`
}
