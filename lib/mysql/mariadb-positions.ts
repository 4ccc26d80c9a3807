import { entries, type GtidSet, gtidSet, type Interval } from './gtid-set.ts'
import { unintelligible, wholeNumber } from './gtid-syntax.ts'

const POSITION = /^([0-9]+)-([0-9]+)-([0-9]+)(?:\.\.([0-9]+))?$/
const LARGEST_ID = 2 ** 32 - 1

/**
 * Read a history as MariaDB writes it (gtid_binlog_state, gtid_slave_pos, Gtid_IO_Pos): `0-1-100,0-2-105,1-3-7`, in any
 * order, each standing for every transaction of that server in that domain up to this number. Reads the form that
 * formatMariadbPositions() gives to a part of a history as well.
 * Throws Failure `unintelligible`, naming the part that is no such text.
 */
export function parseMariadbPositions(text: string): GtidSet {
  if (text.trim() === '') return gtidSet([])
  return gtidSet(text.split(',').flatMap(part => parsePosition(part.trim())))
}

/**
 * Write a history as MariaDB reads it, by domain and server. What does not begin with the first transaction, as a difference
 * does not, is written for people as `0-1-101..105`.
 */
export function formatMariadbPositions(set: GtidSet): string {
  return [...entries(set)]
    .toSorted(([a], [b]) => byDomainAndServer(a, b))
    .map(([key, [first, last]]) => (first === 1 ? `${key}-${last}` : `${key}-${first}..${last}`))
    .join(',')
}

/** The history that ends with these transactions: each server's, from its first one to the last one here. */
export function historyUpTo(transactions: GtidSet): GtidSet {
  return gtidSet(Array.from(entries(transactions), ([key, [, last]]) => [key, [1, last]]))
}

function parsePosition(text: string): [string, Interval][] {
  const [, domain, server, number, end] = POSITION.exec(text) ?? []
  if (domain === undefined || server === undefined || number === undefined) {
    throw unintelligible('A MariaDB GTID position needs domain-server-number here', text)
  }
  const [domainId, serverId] = [wholeNumber(domain), wholeNumber(server)]
  if (domainId > LARGEST_ID || serverId > LARGEST_ID) {
    throw unintelligible('A MariaDB GTID position has a domain or server above 2^32 - 1', text)
  }
  const key = `${domainId}-${serverId}`
  if (end !== undefined) return [[key, parseRange(text, wholeNumber(number), wholeNumber(end))]]
  // Number 0 is a server that has written nothing yet.
  return wholeNumber(number) === 0 ? [] : [[key, [1, wholeNumber(number)]]]
}

function parseRange(text: string, first: number, last: number): Interval {
  if (first < 1 || last < first) throw unintelligible('A MariaDB GTID position has an impossible range', text)
  return [first, last]
}

function byDomainAndServer(a: string, b: string): number {
  const [domainA = 0, serverA = 0] = a.split('-').map(Number)
  const [domainB = 0, serverB = 0] = b.split('-').map(Number)
  return domainA - domainB || serverA - serverB
}
