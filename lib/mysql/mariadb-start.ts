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

function number(position: string): bigint {
  return BigInt(position.split('-')[2] ?? 0)
}
