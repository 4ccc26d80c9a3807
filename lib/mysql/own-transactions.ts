import { entries, type GtidSet, gtidSet, type Interval, subtract } from './gtid-set.ts'
import { parseGtidSet } from './gtid-text.ts'
import type { ServerFacts } from './server-facts.ts'

/** A server, and what it has executed. */
export type Writer = Pick<ServerFacts, 'flavour' | 'serverId' | 'serverUuid' | 'executed'>

/**
 * The transactions that this server wrote itself, not those it replicated, behind a position: a set of GTIDs on MySQL; on
 * MariaDB the last transaction of each domain, which stands for every number up to its own, whoever wrote it.
 * A server that has been a replica since that position and has any was written to, or kept what nobody else received.
 * Throws Failure `unintelligible` when the text is no position.
 */
export function ownTransactionsBeyond(writer: Writer, gtidPosition: string): GtidSet {
  const own = new Map([...writer.executed].filter(([key]) => isOwn(writer, key)))
  const position = parseGtidSet(writer.flavour, gtidPosition)
  return subtract(own, writer.flavour === 'mysql' ? position : coveredOf(own, position))
}

/** Keys are `uuid` or `uuid:tag`, and `domain-server`. */
function isOwn({ flavour, serverId, serverUuid }: Writer, key: string): boolean {
  if (flavour === 'mariadb') return key.split('-')[1] === String(serverId)
  return key.split(':')[0] === serverUuid?.toLowerCase()
}

/** What a MariaDB position covers of these writers, whoever wrote the transaction that it names. */
function coveredOf(own: GtidSet, position: GtidSet): GtidSet {
  const ends = new Map<string, number>()
  for (const [key, [, last]] of entries(position)) ends.set(domainOf(key), Math.max(last, ends.get(domainOf(key)) ?? 0))
  return gtidSet(
    [...own.keys()].flatMap((key): [string, Interval][] => {
      const end = ends.get(domainOf(key))
      return end === undefined ? [] : [[key, [1, end]]]
    }),
  )
}

const domainOf = (key: string) => key.split('-')[0] ?? ''
