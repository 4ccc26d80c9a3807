import { isIP } from 'node:net'
import {
  AUDIENCE,
  type Balanced,
  checkService,
  IDLE,
  IDLE_SECONDS,
  LVS_KERNEL,
  type RealServer,
  type Service,
  servicesOf,
} from './balanced.ts'
import { comment } from './layout.ts'
import { vrrpText } from './vrrp.ts'

/** What a balancer with keepalived is told. */
export interface VirtualServerOptions extends Balanced {
  /** The balancer whose file it is, and the others; each with its own address. */
  readonly node: string
  readonly balancers: readonly RealServer[]
  readonly nic: string
  /** The number of the virtual router: the addresses move together. */
  readonly routerId: number
}

/** keepalived.conf of one balancer, for LVS with direct routing: it has the addresses, or stands by, and asks every server itself. */
export const virtualServers = (options: VirtualServerOptions): string =>
  [
    comment([
      'For a balancer that sits in the network of the nodes. The addresses are on one balancer at a time',
      'The nodes need the addresses as well, and must not answer for them: see the format sysctl',
      LVS_KERNEL,
      checkService(options),
    ]),
    globalText(options),
    instanceText(options),
    ...servicesOf(options).map(service => serviceText(service, options)),
  ].join('\n')

const globalText = ({ resource, nic }: VirtualServerOptions): string =>
  [
    comment([
      'the balancer at work tells the others by multicast who is connected where, so that connections outlive a move of the addresses',
    ]),
    'global_defs {\n',
    `  lvs_sync_daemon ${nic} ${resource}\n`,
    comment([IDLE]).replace(/^/gm, '  ').trimEnd(),
    `\n  lvs_timeouts tcp ${IDLE_SECONDS}\n`,
    '}\n',
  ].join('')

function instanceText(options: VirtualServerOptions): string {
  const { resource, node, balancers, nic, routerId } = options
  const place = balancers.findIndex(balancer => balancer.node === node)
  const [first, ...others] = servicesOf(options).map(
    ({ address }) => `    ${address.ip}/${address.prefix} dev ${nic}\n`,
  )
  return [
    comment(['nopreempt: a balancer that comes back breaks no connections']),
    vrrpText({ name: resource, node, machines: balancers, nic, routerId, place, stays: true }),
    '  virtual_ipaddress {\n',
    first ?? '',
    ...others,
    '  }\n',
    '}\n',
  ].join('')
}

const serviceText = ({ address, role }: Service, { servers, port, checkPort }: Balanced): string =>
  [
    comment([AUDIENCE[role]]),
    `virtual_server ${address.ip} ${port} {\n`,
    comment(['a server is asked every second, and given up after two answers that say no']).replace(/^/, '  '),
    '  delay_loop 1\n',
    '  lb_algo wlc\n',
    '  lb_kind DR\n',
    '  protocol TCP\n',
    isIP(address.ip) === 6 ? '  ip_family inet6\n' : '',
    ...servers.map(({ host }) => serverText({ host, port, checkPort, role })),
    '}\n',
  ].join('')

interface Server {
  readonly host: string
  readonly port: number
  readonly checkPort: number
  readonly role: Service['role']
}

const serverText = ({ host, port, checkPort, role }: Server): string =>
  [
    `  real_server ${host} ${port} {\n`,
    '    HTTP_GET {\n',
    '      url {\n',
    `        path /${role}\n`,
    '        status_code 200\n',
    '      }\n',
    `      connect_port ${checkPort}\n`,
    '      connect_timeout 4\n',
    '      retry 1\n',
    '      delay_before_retry 1\n',
    '    }\n',
    '  }\n',
  ].join('')
