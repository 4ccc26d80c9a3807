import { entries, type GtidSet } from './gtid-set.ts'

/**
 * The later of two MariaDB positions (`domain-server-number`, one for each domain), domain by domain.
 *
 * A former source has its own last transactions only in its binary log, and starts as a replica after them. The variable
 * gtid_current_pos is no help: it leaves out what its binary log has under another server's number, as a copied data
 * directory does.
 */
export function furthestPosition(a: string, b: string): string {
  const byDomain = new Map<string, string>()
  for (const position of `${a},${b}`.split(',').filter(text => text !== '')) {
    const [domain = ''] = position.split('-')
    const known = byDomain.get(domain)
    if (known === undefined || number(position) > number(known)) byDomain.set(domain, position)
  }
  return [...byDomain.values()].join(',')
}

/**
 * A MariaDB position that does not begin behind what the source has: it takes no replica that asks for more. A source lacks
 * what a replica wrote itself a moment ago; in a domain in which it has nothing the replica begins at its first transaction.
 */
export function notBeyond(position: string, executed: GtidSet): string {
  const last = new Map<string, string>()
  for (const [key, [, end]] of entries(executed)) {
    const [domain = ''] = key.split('-')
    const known = last.get(domain)
    if (known === undefined || number(known) < BigInt(end)) last.set(domain, `${key}-${end}`)
  }
  const limited = position.split(',').flatMap(own => {
    const theirs = last.get(own.split('-')[0] ?? '')
    if (theirs === undefined) return []
    return number(theirs) < number(own) ? [theirs] : [own]
  })
  return limited.join(',')
}

function number(position: string): bigint {
  return BigInt(position.split('-')[2] ?? 0)
}
