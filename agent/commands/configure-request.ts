import { type Address, canonical, parseAddress } from '../../cib/snippets/address.ts'
import type { FlavourName } from '../../lib/mysql/server-facts.ts'
import { isNodeName } from '../node-names.ts'
import { addressComplaint } from './address-complaint.ts'
import { ENGINES, engineComplaint } from './engine-word.ts'
import { lvsComplaint } from './lvs-request.ts'
import { preferenceComplaint } from './preference-settings.ts'
import { duplicate, settingsComplaint } from './settings.ts'

/** What a cluster itself is told, in the words of either tool or of the CIB. */
export const CLUSTER_FORMATS = ['crm', 'pcs', 'cib-xml'] as const
/** What can be printed. */
export const FORMATS = [
  ...CLUSTER_FORMATS,
  'my.cnf',
  'sql',
  'sysctl',
  'keepalived',
  'ldirectord',
  'haproxy',
  'booth',
] as const

/** Who replicates from whom. */
export const TOPOLOGIES = ['single-primary', 'multi-primary'] as const

/** The words of the command line and of the file together, not checked yet. */
export interface ConfigureArguments {
  readonly topology: string
  readonly resource: string
  /** Node names with commas between them. */
  readonly nodes: string
  /** `node=address`, once for each node that has one. */
  readonly address: readonly string[]
  readonly writerVip: string | undefined
  readonly readerVip: readonly string[]
  readonly nic: string | undefined
  readonly balanced: boolean
  /** Node names with commas between them; empty for none. */
  readonly prefer: string
  readonly failback: boolean
  readonly lvs: string | undefined
  /** Names with commas between them; empty where there are none. */
  readonly balancers: string
  readonly checkPort: number
  readonly routerId: number
  /** The address of booth at this site, with its prefix. */
  readonly boothVip: string | undefined
  /** Where booth is reached at each site. */
  readonly boothSite: readonly string[]
  readonly arbitrator: readonly string[]
  /** The server_id of the first node; those of another site must be others. */
  readonly firstServerId: number
  readonly format: string
  readonly engine: string | undefined
  readonly node: string | undefined
  /** `parameter=value`, once for each. */
  readonly set: readonly string[]
}

/** What is wrong with the words, in one sentence with the remedy; undefined when they make sense. */
export function complaint(words: ConfigureArguments): string | undefined {
  for (const check of CHECKS) {
    const sentence = check(words)
    if (sentence !== undefined) return sentence
  }
  return undefined
}

/** The nodes that have a server. */
export const nodesOf = ({ nodes }: ConfigureArguments): readonly string[] => nodes.split(',').map(node => node.trim())

/** The machines that balance by LVS. */
export const balancersOf = ({ balancers }: Pick<ConfigureArguments, 'balancers'>): readonly string[] =>
  balancers === '' ? [] : balancers.split(',').map(name => name.trim())

/** The nodes of the cluster that the words name: those with a server, and balancers where Pacemaker runs what balances. */
export const membersOf = (words: ConfigureArguments): readonly string[] => [
  ...nodesOf(words),
  ...(words.lvs === 'ldirectord' ? balancersOf(words) : []),
]

/** All addresses that clients use, the one for writers first. A text that is no address is left out: complaint() names it. */
export const addressesOf = (words: ConfigureArguments): readonly Address[] =>
  addressTexts(words).flatMap(text => parseAddress(text) ?? [])

/** The same by what clients want. */
export function clientAddressesOf(words: ConfigureArguments) {
  const addresses = addressesOf(words)
  if (words.writerVip === undefined) return { writer: undefined, readers: addresses }
  const [writer, ...readers] = addresses
  return { writer, readers }
}

/** The addresses of the nodes themselves, by node name. */
export const nodeAddressesOf = ({ address }: ConfigureArguments): ReadonlyMap<string, string> =>
  new Map(pairs(address).map(([node, ip]) => [node, canonical(ip) ?? ip]))

/** So that there is room for the nodes behind the first one. */
const LAST_SERVER_ID = 4_000_000_000

type Check = (words: ConfigureArguments) => string | undefined

const CHECKS: readonly Check[] = [
  ({ topology }) =>
    unless(isOneOf(topology, TOPOLOGIES), `topology ${topology} is unknown: use ${TOPOLOGIES.join(' or ')}`),
  ({ format }) => unless(format !== '', `the format is not said: add --format with one of ${FORMATS.join(', ')}`),
  ({ format }) => unless(isOneOf(format, FORMATS), `format ${format} is unknown: use ${FORMATS.join(', ')}`),
  ({ resource }) => unless(resource !== '', 'the resource has no name: add --resource, such as db'),
  ({ resource }) =>
    unless(
      /^(?=.{1,41}$)[A-Za-z_]\w*(-\w+)*$/.test(resource),
      `resource ${resource} is no name for a resource: use up to 41 letters, digits, "_" and single "-", a letter first`,
    ),
  ({ nodes }) => unless(nodes !== '', 'there are no nodes: list them as --nodes a,b,c'),
  words => {
    const wrong = nodesOf(words).find(node => !isNodeName(node))
    return wrong === undefined ? undefined : `node "${wrong}" is no host name: list the nodes as a,b,c`
  },
  words => {
    const twin = duplicate(nodesOf(words))
    return twin === undefined ? undefined : `node ${twin} is listed twice: name each node once`
  },
  words => lvsComplaint({ ...words, balancers: balancersOf(words), nodes: nodesOf(words) }),
  nodeAddressComplaint,
  ({ set }) => settingsComplaint(set),
  words => addressComplaint({ texts: addressTexts(words), balanced: words.balanced }),
  words => {
    const twin = duplicate([...addressesOf(words).map(({ ip }) => ip), ...nodeAddressesOf(words).values()])
    return twin === undefined ? undefined : `address ${twin} is given twice: use each address once`
  },
  ({ nic }) =>
    unless(
      nic === undefined || /^[\w.-]{1,15}$/.test(nic),
      `nic "${nic}" is no name of a network interface: use one that "ip link" lists`,
    ),
  ({ checkPort }) => unless(isWithin(checkPort, 65_535), `port ${checkPort} for checks is none: use 1 to 65535`),
  words => {
    const last = words.routerId + addressTexts(words).length - 1
    const sentence = `virtual routers need the numbers ${words.routerId} to ${last}: choose --router-id so that all are from 1 to 255`
    return unless(isWithin(words.routerId, 255) && last <= 255, sentence)
  },
  words => preferenceComplaint(words, nodesOf(words)),
  pairComplaint,
  ({ firstServerId }) =>
    unless(
      isWithin(firstServerId, LAST_SERVER_ID),
      `server_id ${firstServerId} is none: choose --first-server-id from 1 to ${LAST_SERVER_ID}`,
    ),
  engineComplaint,
]

/** What is wrong for two instances that both take writes. */
function pairComplaint(words: ConfigureArguments): string | undefined {
  if (words.topology !== 'multi-primary') return undefined
  const { length } = nodesOf(words)
  if (length !== 2) return `topology multi-primary is for two nodes, and there are ${length}: list two`
  if (words.balanced || words.readerVip.length === 0) return undefined
  return 'both nodes of topology multi-primary read and write: leave --reader-vip out, clients use --writer-vip'
}

function nodeAddressComplaint(words: ConfigureArguments): string | undefined {
  const nodes = [...nodesOf(words), ...balancersOf(words)]
  const given = pairs(words.address)
  const stranger = given.find(([node]) => !nodes.includes(node))?.[0]
  if (stranger !== undefined) return `address of ${stranger}, which is no node: write it as ${nodes[0]}=10.0.0.1`
  const wrong = given.find(([, ip]) => canonical(ip) === undefined)
  if (wrong !== undefined)
    return `address "${wrong[1]}" of ${wrong[0]} is no IP address: write it as ${wrong[0]}=10.0.0.1`
  const twin = duplicate(given.map(([node]) => node))
  return twin === undefined ? undefined : `node ${twin} has two addresses: give it one`
}

/** The flavour that the words name; undefined when they name none. */
export const flavourOf = ({ engine }: ConfigureArguments): FlavourName | undefined =>
  ENGINES.find(name => name === engine?.split('-', 1)[0])

/** The refusal of formats that every node, or balancer, has in a version of its own, where none is named. */
export const differsBy = (kind: 'node' | 'balancer', names: readonly string[], format: string): string =>
  `${format} differs by ${kind}: add --node with one of ${names.join(', ')}`

const pairs = (words: readonly string[]): readonly (readonly [string, string])[] =>
  words.map(text => [text.split('=', 1)[0] ?? '', text.includes('=') ? text.slice(text.indexOf('=') + 1) : ''])

const addressTexts = ({ writerVip, readerVip }: Pick<ConfigureArguments, 'writerVip' | 'readerVip'>) => [
  ...(writerVip === undefined ? [] : [writerVip]),
  ...readerVip,
]

const unless = (good: boolean, sentence: string) => (good ? undefined : sentence)

const isWithin = (number: number, most: number) => Number.isInteger(number) && number >= 1 && number <= most

/** Whether a word is one of those that are known. */
export const isOneOf = <Word extends string>(word: string, words: readonly Word[]): word is Word =>
  words.some(known => known === word)
