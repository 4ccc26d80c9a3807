import type { Balanced } from '../../cib/snippets/balanced.ts'
import { haproxyConfiguration } from '../../cib/snippets/haproxy.ts'
import { keepalivedConfiguration } from '../../cib/snippets/keepalived.ts'
import { ldirectordConfiguration } from '../../cib/snippets/ldirectord.ts'
import { realServerSettings } from '../../cib/snippets/sysctl.ts'
import { virtualServers } from '../../cib/snippets/virtual-server.ts'
import type { Parameters } from '../parameters.ts'
import type { Answer } from './configure.ts'
import {
  balancersOf,
  type ConfigureArguments,
  clientAddressesOf,
  differsBy,
  nodeAddressesOf,
  nodesOf,
} from './configure-request.ts'
import { settingsIn } from './settings.ts'

const RENDER = {
  haproxy: haproxyConfiguration,
  ldirectord: ldirectordConfiguration,
  sysctl: realServerSettings,
} as const

type BalancerFormat = keyof typeof RENDER | 'keepalived'

/** Whether a format is for something that moves addresses in Pacemaker's place. */
export const isBalancerFormat = (format: string): format is BalancerFormat =>
  format === 'keepalived' || Object.hasOwn(RENDER, format)

/** What moves the addresses where Pacemaker does not; or why nothing can be said. */
export function balancerText(format: BalancerFormat, words: ConfigureArguments, parameters: Parameters): Answer {
  if (words.writerVip === undefined && words.readerVip.length === 0) {
    return { refusal: 'clients have no address: add --writer-vip or --reader-vip, such as 10.0.0.100/24' }
  }
  const homeless = machinesIn(format, words).find(node => !nodeAddressesOf(words).has(node))
  if (homeless !== undefined && (format === 'keepalived' || format === 'ldirectord')) {
    return { refusal: `${format} needs the address of each node: add --address ${homeless}=10.0.0.1` }
  }
  const balanced = balancedOf(words, parameters)
  const mixed = format === 'haproxy' || format === 'sysctl' ? undefined : otherFamily(balanced)
  if (mixed !== undefined) return { refusal: mixed }
  if (format === 'keepalived') return (words.lvs === undefined ? keepalivedText : virtualServerText)(words, balanced)
  if (words.balanced) return { text: RENDER[format](balanced) }
  return { refusal: `the cluster would have the addresses as well: add --balanced, there and for ${format}` }
}

/** Those whose addresses the text speaks of. */
const machinesIn = (format: BalancerFormat, words: ConfigureArguments): readonly string[] =>
  format === 'keepalived' && words.lvs !== undefined ? [...nodesOf(words), ...balancersOf(words)] : nodesOf(words)

function balancedOf(words: ConfigureArguments, { replication_port }: Parameters): Balanced {
  const homes = nodeAddressesOf(words)
  return {
    resource: words.resource,
    servers: nodesOf(words).map(node => ({ node, host: homes.get(node) ?? node })),
    ...clientAddressesOf(words),
    byCluster: words.lvs !== undefined,
    port: replication_port,
    checkPort: words.checkPort,
  }
}

/** LVS hands packets on as they are, and VRRP speaks of an address in its own family only. */
function otherFamily({ servers, writer, readers }: Balanced): string | undefined {
  const isSix = (ip: string) => ip.includes(':')
  for (const { ip } of [...(writer === undefined ? [] : [writer]), ...readers]) {
    const other = servers.find(({ host }) => isSix(host) !== isSix(ip))
    if (other !== undefined) {
      return `address ${ip} and ${other.node}'s ${other.host} are of two families: give the nodes addresses of the same one`
    }
  }
  return undefined
}

/** The parameters that a check needs where no cluster knows them. */
const CHECKED: readonly string[] = ['socket', 'credentials', 'max_replica_lag', 'heartbeat_table']

function keepalivedText(words: ConfigureArguments, balanced: Balanced): Answer {
  const { nic, node, routerId } = words
  if (node === undefined || !nodesOf(words).includes(node)) {
    return { refusal: differsBy('node', nodesOf(words), 'keepalived') }
  }
  if (nic === undefined) return { refusal: WITHOUT_NIC }
  const settings = settingsIn(words.set).filter(({ name }) => CHECKED.includes(name))
  const unfit = settings.find(({ value }) => !/^[\w@%+=:,./-]+$/.test(value))
  if (unfit !== undefined) {
    return { refusal: `${unfit.name} "${unfit.value}" cannot stand in keepalived.conf: use letters, digits and ./_-` }
  }
  const checkWords = settings.map(({ name, value }) => ` --set ${name}=${value}`).join('')
  return { text: keepalivedConfiguration({ ...balanced, node, nic, routerId, checkWords }) }
}

function virtualServerText(words: ConfigureArguments, balanced: Balanced): Answer {
  const { nic, node, routerId } = words
  const homes = nodeAddressesOf(words)
  const balancers = balancersOf(words).map(node => ({ node, host: homes.get(node) ?? node }))
  if (!balancers.some(balancer => balancer.node === node) || node === undefined) {
    return { refusal: differsBy('balancer', balancersOf(words), 'keepalived') }
  }
  return nic === undefined
    ? { refusal: WITHOUT_NIC }
    : { text: virtualServers({ ...balanced, node, balancers, nic, routerId }) }
}

const WITHOUT_NIC = 'keepalived needs the network interface of the addresses: add --nic eth0'
