import { isIP } from 'node:net'
import { fullPrefix } from './address.ts'
import { type Balanced, servicesOf } from './balanced.ts'
import { comment } from './layout.ts'

/** What the kernel of each node must be told, and given, behind LVS with direct routing: /etc/sysctl.d/90-heir.conf. */
export function realServerSettings(balanced: Balanced): string {
  const addresses = servicesOf(balanced).map(({ address }) => address.ip)
  return [
    comment([
      'For every node behind LVS: packets for the addresses of the balancer come to the node unchanged. It has to take them for its own, and to leave it to the balancer to say so to the network',
      ...(balanced.byCluster
        ? ['Pacemaker puts the addresses on the loopback interface']
        : [
            'The addresses, on the loopback interface and for themselves alone, whenever the node boots:',
            ...addresses.map(ip => `  ip address add ${ip}/${fullPrefix(ip)} dev lo${isIP(ip) === 6 ? ' nodad' : ''}`),
          ]),
    ]),
    `${comment(['answer for an address only at the interface that has it: not for those on lo'])}net.ipv4.conf.all.arp_ignore = 1\n`,
    `${comment(['and never name such an address in a question of its own'])}net.ipv4.conf.all.arp_announce = 2\n`,
  ].join('\n')
}
