import { isIP } from 'node:net'
import { withPort } from './address.ts'
import {
  AUDIENCE,
  type Balanced,
  checkService,
  IDLE,
  IDLE_SECONDS,
  LVS_KERNEL,
  type Service,
  servicesOf,
} from './balanced.ts'
import { comment } from './layout.ts'

/** ldirectord.cf for LVS with direct routing: answers go from the servers to the clients without the balancer. */
export const ldirectordConfiguration = (balanced: Balanced): string =>
  [
    comment([
      'For the balancer, which has the addresses below and sits in the network of the nodes',
      'The nodes need the addresses as well, and must not answer for them: see the format sysctl',
      LVS_KERNEL,
      `Say "ipvsadm --set ${IDLE_SECONDS} 0 0" whenever the balancer boots: ${IDLE}`,
      checkService(balanced),
    ]),
    GENERAL,
    ...servicesOf(balanced).map(service => serviceText(service, balanced)),
  ].join('\n')

const GENERAL = [
  comment(['a server is asked every second, and given up after two answers that say no']),
  'checkinterval=1\n',
  'negotiatetimeout=4\n',
  'failurecount=2\n',
  comment(['a server that is given up loses its connections: who is connected would wait there, or write in vain']),
  'quiescent=no\n',
].join('')

/** Where a virtual service begins and its real servers follow, the settings are indented. */
function serviceText({ address, role }: Service, { servers, port, checkPort }: Balanced): string {
  const six = isIP(address.ip) === 6 ? '6' : ''
  return [
    comment([AUDIENCE[role]]),
    `virtual${six}=${withPort(address.ip, port)}\n`,
    ...servers.map(({ host }) => `\treal${six}=${withPort(host, port)} gate\n`),
    '\tprotocol=tcp\n',
    '\tscheduler=wlc\n',
    '\tservice=http\n',
    '\tchecktype=negotiate\n',
    `\tcheckport=${checkPort}\n`,
    `\trequest="${role}"\n`,
    `\treceive="^${role}:"\n`,
  ].join('')
}
