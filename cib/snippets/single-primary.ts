import type { Address } from './address.ts'
import { CLUSTER_PROPERTIES } from './cluster-properties.ts'
import type { Configuration, Constraint, Operation, Resource, Setting } from './configuration.ts'
import { fencingDevices } from './fencing.ts'
import { floatingAddress } from './floating-address.ts'
import { onlyOn } from './only-on.ts'
import { readerConstraints, readerResource } from './reader-address.ts'

/** What the configuration of a single primary is made from. */
export interface SinglePrimaryOptions {
  readonly resource: string
  readonly nodes: readonly string[]
  /** All nodes of the cluster that are known, those without data among them. */
  readonly members: readonly string[]
  readonly parameters: readonly Setting[]
  readonly operations: readonly Operation[]
  /** Undefined where the addresses belong to balancers in front of the nodes. */
  readonly writer: Address | undefined
  readonly readers: readonly Address[]
  /** The network interface of the addresses; the routing table decides when it is left out. */
  readonly nic: string | undefined
  /** The node attribute that is 1 where clients may read: on fit replicas, and on the promoted instance. */
  readonly readerAttribute: string
  /** Without it nobody is promoted: another site may have it. Undefined where there is no other site. */
  readonly ticket: string | undefined
}

/** One instance takes writes, all others replicate from it; one address for writers, any number for readers. */
export function singlePrimary(options: SinglePrimaryOptions): Configuration {
  const readers = options.readers.map((address, index) => ({
    id: `${options.resource}-reader-${index + 1}`,
    address,
    nic: options.nic,
    clone: cloneOf(options),
    attribute: options.readerAttribute,
  }))
  return {
    notes: clusterNotes(options),
    missing: fencingDevices(options.nodes),
    resources: [
      database(options),
      ...(options.writer === undefined ? [] : [writer(options, options.writer)]),
      ...readers.map(readerResource),
    ],
    constraints: [
      onlyOnItsNodes(options),
      ...(options.ticket === undefined ? [] : [onlyWithTicket(options, options.ticket)]),
      ...(options.writer === undefined ? [] : writerConstraints(options)),
      ...readers.flatMap((reader, index) => readerConstraints(reader, readers.slice(0, index))),
    ],
    properties: [...CLUSTER_PROPERTIES, ...(isPair(options) ? [FENCING_DELAY] : [])],
  }
}

const isPair = ({ nodes }: Pick<SinglePrimaryOptions, 'nodes'>) => nodes.length === 2

/** The clone of the database's resource. */
export const cloneOf = ({ resource }: Pick<SinglePrimaryOptions, 'resource'>) => `${resource}-clone`
/** The resource of the address for writers. */
export const writerOf = ({ resource }: Pick<SinglePrimaryOptions, 'resource'>) => `${resource}-writer`

/** What is to be done outside of Pacemaker. */
export function clusterNotes({ members }: Pick<SinglePrimaryOptions, 'members'>): readonly string[] {
  return [
    'In corosync.conf, totem { token: 1000  token_coefficient: 0 }: with three and more nodes the default coefficient of 650 ms for each node beyond the second makes the token longer than it says, and the loss of a node is noticed later by as much.',
    ...(members.length % 2 === 0
      ? [
          'With an even number of nodes a cut network can leave two equal halves: add one more node to the cluster, for its vote, which needs no server and no agent. A quorum device (corosync-qdevice) is no replacement: it keeps no copy of what the cluster remembers, and lets a node go on that missed the last of it. Two nodes alone need quorum { two_node: 1  wait_for_all: 1 } in corosync.conf: one goes on alone when it has fenced the other, and one that boots alone waits for it.',
        ]
      : []),
  ]
}

/** The database as a clone, one instance of which is promoted. */
export function database(options: Omit<SinglePrimaryOptions, 'readers' | 'ticket'>): Resource {
  return {
    id: options.resource,
    agent: 'ocf:heir:mysql',
    because: 'the database server, one instance on each node',
    parameters: options.parameters,
    operations: options.operations,
    meta: [
      {
        name: 'migration-threshold',
        value: '1',
        because: 'after a failure another node takes over at once, in 10 steps; recovery in place takes 13',
      },
      {
        name: 'failure-timeout',
        value: '15s',
        because: 'then the failure is forgotten, and the failed instance comes back as a replica without help',
      },
      { name: 'resource-stickiness', value: '1', because: 'the promotion score alone decides who is promoted' },
      ...(isPair(options)
        ? [{ name: 'priority', value: '1', because: 'makes the promoted instance worth more than the other' }]
        : []),
    ],
    promotable: {
      id: cloneOf(options),
      meta: [
        { name: 'promotable', value: 'true', because: 'one instance is promoted and takes writes' },
        {
          name: 'notify',
          value: 'true',
          because: 'replicas publish what they hold before a promotion, and follow after it',
        },
        { name: 'clone-max', value: String(options.nodes.length), because: 'one instance for each of its nodes' },
        { name: 'promoted-max', value: '1', because: 'two sources at once are a split brain' },
        { name: 'interleave', value: 'true', because: 'what depends on the clone waits for its own node alone' },
      ],
    },
  }
}

const writer = (options: SinglePrimaryOptions, address: Address): Resource =>
  floatingAddress(writerOf(options), { address, nic: options.nic }, 'the address for writers', {
    value: '0',
    because: 'the address follows the promoted role, and must not hold the role where it is',
  })

/** The clone runs where the data is. */
export function onlyOnItsNodes(options: Pick<SinglePrimaryOptions, 'resource' | 'nodes'>): Constraint {
  const because = 'further nodes of the cluster hold no copy of the data, and need neither the agent nor a server'
  return onlyOn(`${cloneOf(options)}-only-on-its-nodes`, cloneOf(options), options.nodes, because)
}

const onlyWithTicket = (options: SinglePrimaryOptions, ticket: string): Constraint => ({
  id: `${cloneOf(options)}-with-ticket`,
  kind: 'ticket',
  resource: cloneOf(options),
  ticket,
  because: 'one site at a time takes writes: without the ticket nobody is promoted, and who is promoted is demoted',
})

/** The address follows a promoted instance. */
export function writerConstraints(options: Pick<SinglePrimaryOptions, 'resource'>): readonly Constraint[] {
  const id = writerOf(options)
  return [
    {
      id: `${id}-with-promoted`,
      kind: 'colocation',
      resource: id,
      with: cloneOf(options),
      role: 'Promoted',
      score: 'INFINITY',
      because: 'writers reach the promoted instance and no other',
    },
    {
      id: `${id}-after-promote`,
      kind: 'order',
      first: { action: 'promote', resource: cloneOf(options) },
      second: { action: 'start', resource: id },
      because: 'the address comes up when writes are open',
    },
    {
      id: `${id}-until-demote`,
      kind: 'order',
      first: { action: 'demote', resource: cloneOf(options) },
      // Without its address a client hears nothing more from the server, not even that its session has ended.
      second: { action: 'stop', resource: id },
      strength: 'Optional', // or it stays up where a demotion is over and its transition was dropped before the stop
      because: 'the address goes down when writes are closed and every session has been told so',
    },
  ]
}

/** Pacemaker delays where it sees no majority of the nodes: not with a third one. */
const FENCING_DELAY: Setting = {
  name: 'priority-fencing-delay',
  value: '10s',
  because:
    'when the two nodes lose sight of each other, each would fence the other at once: the replica waits so long, and the primary wins. It must be longer than fencing takes. A primary that dies is replaced that much later; with a third node in the cluster there is no such delay',
}
