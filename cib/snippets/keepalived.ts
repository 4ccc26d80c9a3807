import { type Balanced, type Service, servicesOf } from './balanced.ts'
import { comment } from './layout.ts'
import { vrrpText } from './vrrp.ts'

/** What one node's keepalived has to know. */
export interface KeepalivedOptions extends Balanced {
  /** The node whose file it is. */
  readonly node: string
  readonly nic: string
  /** The number of the first virtual router; each address has one of its own. */
  readonly routerId: number
  /** Words of `heir check` that name the server, quoted for keepalived. */
  readonly checkWords: string
}

/** keepalived.conf of one node, for servers without Pacemaker: the addresses follow what `heir check` says. */
export const keepalivedConfiguration = (options: KeepalivedOptions): string =>
  [
    comment([
      'keepalived moves addresses, and nothing else: the address for writers goes to a server that takes writes. It opens no server for writes, closes none, and fences none',
      'Two servers that replicate from each other and both take writes share these addresses as they are. With one that takes writes and replicas of it, somebody has to open a replica for writes when the first one is lost, after making sure that it is dead; then the address follows',
      'When the network between the nodes breaks, each side may have the address: use Pacemaker and fencing where that must not be',
    ]),
    GLOBAL,
    scriptText('writable', options),
    ...(options.readers.length === 0 ? [] : [scriptText('readable', options)]),
    ...servicesOf(options).map((service, index) => instanceText(service, index, options)),
  ].join('\n')

const GLOBAL = [
  comment(['root may run scripts, which nobody else may write: the check asks the server as root']),
  'global_defs {\n',
  '  enable_script_security\n',
  '  script_user root\n',
  '}\n',
].join('')

/**
 * A check ends within its interval, one way or another: keepalived 2.2.7 says that it skips a run while one is under way, and
 * starts it all the same, so that checks without time would take it from each other.
 */
const scriptText = (role: Service['role'], { resource, checkWords }: KeepalivedOptions): string =>
  [
    comment([
      role === 'writable'
        ? 'whether the server takes writes; three answers that say no count, so that a machine without time for one moves nothing'
        : 'whether it may be read: it takes writes, or replicates and is not too far behind',
    ]),
    `vrrp_script ${resource}-${role} {\n`,
    `  script "/usr/bin/heir check --role ${role} --timeout 2${checkWords}"\n`,
    '  interval 3\n',
    '  timeout 3\n',
    '  fall 3\n',
    '  rise 2\n',
    '  init_fail\n',
    '}\n',
  ].join('')

function instanceText(service: Service, index: number, options: KeepalivedOptions): string {
  const { node, servers, nic, routerId, resource } = options
  const { name, address, role } = service
  const turn = servers.findIndex(server => server.node === node)
  // Each address for readers begins its row with another server, so that they spread.
  const place = role === 'writable' ? turn : (turn + servers.length - (index % servers.length)) % servers.length
  return [
    comment(role === 'writable' ? [WRITERS] : [READERS]),
    vrrpText({ name, node, machines: servers, nic, routerId: routerId + index, place, stays: role === 'writable' }),
    '  virtual_ipaddress {\n',
    `    ${address.ip}/${address.prefix} dev ${nic}\n`,
    '  }\n',
    '  track_script {\n',
    `    ${resource}-${role}\n`,
    role === 'writable' ? '' : `    ${resource}-writable weight 50 reverse\n`,
    '  }\n',
    '}\n',
  ].join('')
}

const WRITERS =
  'the address for writers, on one server that takes writes. nopreempt: it stays where it is when the other one is back; without the line it goes back to the node that stands first'
const READERS = 'an address for readers: on a server that may be read, one that takes no writes before one that does'
