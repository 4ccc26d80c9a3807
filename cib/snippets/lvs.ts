import { type Address, fullPrefix } from './address.ts'
import type { Configuration, Constraint, Missing, Resource } from './configuration.ts'
import { fencingDevices } from './fencing.ts'
import { floatingAddress } from './floating-address.ts'
import { onlyOn } from './only-on.ts'

/** What can tell LVS where to. */
export const LVS_PROGRAMS = ['ldirectord', 'keepalived'] as const

/** Where the cluster's resource agent for ldirectord expects its file. */
const LDIRECTORD_FILE = '/etc/ha.d/ldirectord.cf'

/** Addresses whose packets LVS hands to the nodes as they are. */
export interface LvsOptions {
  readonly resource: string
  readonly nodes: readonly string[]
  /** What tells LVS where to; Pacemaker runs ldirectord itself. */
  readonly program: (typeof LVS_PROGRAMS)[number]
  /** The machines that balance; nodes of the cluster where Pacemaker runs ldirectord. */
  readonly balancers: readonly string[]
  readonly services: readonly { readonly name: string; readonly address: Address }[]
  /** The network interface of the addresses on the balancer; the routing table decides when it is left out. */
  readonly nic: string | undefined
}

/** The same cluster behind LVS: its nodes take packets for the clients' addresses, and with ldirectord the cluster has the balancer. */
export function behindLvs(cluster: Configuration, options: LvsOptions): Configuration {
  const homes = options.services.flatMap(service => options.nodes.map(node => ({ ...service, node })))
  const directs = options.program === 'ldirectord'
  return {
    ...cluster,
    notes: [...cluster.notes, ARP],
    missing: directs ? withDevices(cluster.missing, options.balancers) : cluster.missing,
    resources: [
      ...cluster.resources,
      ...homes.map(({ name, address, node }) => onLoopback(`${name}-at-${node}`, address)),
      ...(directs ? director(options) : []),
    ],
    constraints: [
      ...cluster.constraints,
      ...homes.map(({ name, node }) =>
        onlyThere(`${name}-at-${node}`, [node], 'each node has an address of its own for it'),
      ),
      ...(directs ? directorConstraints(options) : []),
    ],
  }
}

const ARP =
  'LVS with direct routing: before this is loaded, every node of the database needs the settings of the format sysctl. Without them the nodes answer for the addresses in the place of the balancer.'

const withDevices = (missing: Missing, balancers: readonly string[]): Missing => {
  const more = fencingDevices(balancers)
  return {
    ...missing,
    resources: [...missing.resources, ...more.resources],
    constraints: [...missing.constraints, ...more.constraints],
  }
}

/** IPaddr2 is no clone: with several instances it would want a shared address of another kind. */
const onLoopback = (id: string, { ip }: Address): Resource => ({
  ...floatingAddress(
    id,
    { address: { ip, prefix: fullPrefix(ip) }, nic: 'lo' },
    'the node takes packets for it, which the balancer hands on unchanged, and answers the client itself',
    { value: '0', because: 'it has one node to be on' },
  ),
  forced: AGAIN,
})

const AGAIN = 'pcs wants an address to be there once; here every node has it, and only the balancer answers for it'

/** IPaddr2 would take the same address on another interface, or another's, for this one. */
const onlyThere = (id: string, nodes: readonly string[], because: string): Constraint =>
  onlyOn(`${id}-only-there`, id, nodes, because)

const directorOf = ({ resource }: LvsOptions) => `${resource}-director`

const director = (options: LvsOptions): readonly Resource[] => [
  {
    id: directorOf(options),
    agent: 'ocf:heartbeat:ldirectord',
    because:
      'asks every server whether it is fit, and tells LVS; its file is what the format ldirectord prints, on each balancer',
    parameters: [{ name: 'configfile', value: LDIRECTORD_FILE }],
    operations: [
      { name: 'start', timeoutSeconds: 60, because: 'it takes seconds to load, and longer on a machine that is busy' },
      { name: 'stop', timeoutSeconds: 60 },
      { name: 'monitor', timeoutSeconds: 60, intervalSeconds: 20 },
    ],
    meta: [
      { name: 'resource-stickiness', value: '100', because: 'a balancer that comes back breaks no connections' },
      { name: 'failure-timeout', value: '60s', because: 'a balancer where it did not start is tried again' },
    ],
  },
  ...options.services.map(({ name, address }) => ({
    ...floatingAddress(name, { address, nic: options.nic }, 'on the balancer at work', {
      value: '0',
      because: 'it follows ldirectord',
    }),
    forced: AGAIN,
  })),
]

function directorConstraints(options: LvsOptions): readonly Constraint[] {
  const id = directorOf(options)
  return [
    onlyThere(
      id,
      options.balancers,
      'balancers have no server: a connection of their own to the address would end in themselves',
    ),
    ...options.services.flatMap(({ name }): readonly Constraint[] => [
      onlyThere(name, options.balancers, 'the nodes have the same address on another interface'),
      {
        id: `${name}-with-director`,
        kind: 'colocation',
        resource: name,
        with: id,
        score: 'INFINITY',
        because: 'packets come to where they are handed on',
      },
      {
        id: `${name}-after-director`,
        kind: 'order',
        first: { action: 'start', resource: id },
        second: { action: 'start', resource: name },
        because: 'the address comes up when LVS knows where to',
      },
      {
        id: `${name}-before-director`,
        kind: 'order',
        first: { action: 'stop', resource: name },
        second: { action: 'stop', resource: id },
        because:
          'the address goes down before LVS forgets where to: until then the balancer would refuse clients itself',
      },
    ]),
  ]
}
