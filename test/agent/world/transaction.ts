import { type GtidSet, gtidSet } from '../../../lib/mysql/gtid-set.ts'
import { formatGtidSet } from '../../../lib/mysql/gtid-text.ts'
import { historyUpTo } from '../../../lib/mysql/mariadb-positions.ts'
import type { FlavourName } from '../../../lib/mysql/server-facts.ts'

/**
 * One transaction, the same object wherever it is. Two of the same GTID are two objects: a number whose transaction was cut from
 * a log is given again.
 */
export interface Transaction {
  readonly key: string
  readonly number: number
  /** What a counterexample calls it. */
  readonly name: string
}

/** The GTID set of a log, as the flavour shows it. */
export function setOf(flavour: FlavourName, log: readonly Transaction[]): GtidSet {
  const set = gtidSet(log.map(({ key, number }) => [key, [number, number]] as const))
  return flavour === 'mariadb' ? historyUpTo(set) : set
}

/** Where a server with this log stands, in its own words. MariaDB says the last transaction only: all are in one domain. */
export function positionOf(flavour: FlavourName, log: readonly Transaction[]): string {
  if (flavour === 'mysql') return formatGtidSet(flavour, setOf(flavour, log))
  const last = log.at(-1)
  return last === undefined ? '' : `${last.key}-${last.number}`
}

/** The number that a server gives to its next transaction: MySQL counts its own, MariaDB those of the domain. */
export function nextNumber(flavour: FlavourName, key: string, log: readonly Transaction[]): number {
  const counted = flavour === 'mysql' ? log.filter(one => one.key === key) : log
  return Math.max(0, ...counted.map(({ number }) => number)) + 1
}

/** Whether a log holds a transaction of this GTID: all that a server can tell. */
export const lists = (log: readonly Transaction[], { key, number }: Transaction): boolean =>
  log.some(one => one.key === key && one.number === number)
