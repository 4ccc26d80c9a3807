import { BALANCER_DEFAULTS } from '../../cib/snippets/balanced.ts'
import { LVS_PROGRAMS } from '../../cib/snippets/lvs.ts'
import { FORMATS, TOPOLOGIES } from './configure-request.ts'
import { ENGINES } from './engine-word.ts'
import { FAILBACK_SECONDS } from './preference-settings.ts'

/** The options of the command line, as yargs takes them. What stands in a file may be left out here. */
export const CONFIGURE_OPTIONS = {
  file: { type: 'string', describe: 'YAML file with any of these words; those of the command line count before it' },
  topology: { type: 'string', describe: `Who replicates from whom: ${TOPOLOGIES.join(', ')}` },
  resource: { type: 'string', describe: 'Name of the resource' },
  nodes: { type: 'string', describe: 'Nodes that hold the data, with commas between them' },
  address: {
    type: 'string',
    array: true,
    describe: 'node=address for balancers and keepalived, once for each node and balancer',
  },
  'writer-vip': { type: 'string', describe: 'Address for writers, with its prefix: 10.0.0.100/24' },
  'reader-vip': { type: 'string', array: true, describe: 'Address for readers; as many as you like' },
  nic: { type: 'string', describe: 'Network interface of the addresses' },
  balanced: {
    type: 'boolean',
    describe: 'The addresses belong to balancers in front of the nodes; the cluster moves none',
  },
  prefer: {
    type: 'string',
    describe: 'Nodes that are rather promoted, with commas between them, the most preferred first',
  },
  failback: {
    type: 'boolean',
    describe: `A preferred node takes its place back when it has been in step for ${FAILBACK_SECONDS} s; it does not unless said`,
  },
  lvs: {
    type: 'string',
    describe: `The balancers use LVS with direct routing, told by ${LVS_PROGRAMS.join(' or ')}: each node takes packets for their addresses`,
  },
  balancers: {
    type: 'string',
    describe: 'Machines that balance by LVS, with commas between them; with ldirectord they are nodes of the cluster',
  },
  'check-port': {
    type: 'number',
    describe: `Port at which "heir check --http" answers balancers, ${BALANCER_DEFAULTS.checkPort} when not set`,
  },
  'router-id': {
    type: 'number',
    describe: `For keepalived: the first virtual_router_id, ${BALANCER_DEFAULTS.routerId} when not set`,
  },
  'booth-vip': {
    type: 'string',
    describe: 'For booth: its address at this site, with its prefix; Pacemaker runs booth then',
  },
  'booth-site': { type: 'string', array: true, describe: 'For booth: its address at each of two sites' },
  arbitrator: { type: 'string', array: true, describe: 'For booth: address of a machine elsewhere that has a vote' },
  'first-server-id': {
    type: 'number',
    describe: 'For my.cnf: server_id of the first node, 1 when not set; another site needs others',
  },
  diff: { type: 'boolean', describe: 'Print what --apply would change, and change nothing' },
  apply: {
    type: 'boolean',
    describe:
      'Make the cluster of this node have it, and print what changed; what the cluster has beside stays as it is',
  },
  format: { type: 'string', describe: `What to print: ${FORMATS.join(', ')}` },
  engine: { type: 'string', describe: `For my.cnf and sql: ${ENGINES.join(' or ')}, or with a version: mariadb-10.11` },
  node: { type: 'string', describe: 'For my.cnf and keepalived: the node, or balancer, whose file to print' },
  set: { type: 'string', array: true, describe: 'parameter=value of the resource' },
  credentials: { type: 'string', describe: 'For sql: file with the password to print' },
} as const

/** The words that a command line or a file gives; what is not given is undefined. */
export interface GivenWords {
  readonly topology?: string | undefined
  readonly resource?: string | undefined
  readonly nodes?: string | undefined
  readonly address?: readonly string[] | undefined
  readonly writerVip?: string | undefined
  readonly readerVip?: readonly string[] | undefined
  readonly nic?: string | undefined
  readonly balanced?: boolean | undefined
  readonly prefer?: string | undefined
  readonly failback?: boolean | undefined
  readonly lvs?: string | undefined
  readonly balancers?: string | undefined
  readonly checkPort?: number | undefined
  readonly routerId?: number | undefined
  readonly boothVip?: string | undefined
  readonly boothSite?: readonly string[] | undefined
  readonly arbitrator?: readonly string[] | undefined
  readonly firstServerId?: number | undefined
  readonly format?: string | undefined
  readonly engine?: string | undefined
  readonly node?: string | undefined
  readonly set?: readonly string[] | undefined
  readonly credentials?: string | undefined
}

/** What a command line may say and a file may not. */
export interface CommandWords extends GivenWords {
  readonly file?: string | undefined
  readonly diff?: boolean | undefined
  readonly apply?: boolean | undefined
}
