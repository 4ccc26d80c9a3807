import type { Address } from './address.ts'
import { CLUSTER_PROPERTIES } from './cluster-properties.ts'
import type { Configuration, Constraint, Resource } from './configuration.ts'
import { fencingDevices } from './fencing.ts'
import { floatingAddress } from './floating-address.ts'
import {
  cloneOf,
  clusterNotes,
  database,
  onlyOnItsNodes,
  type SinglePrimaryOptions,
  writerConstraints,
  writerOf,
} from './single-primary.ts'

/** What the configuration of two primaries is made from. */
export interface MultiPrimaryOptions extends Omit<SinglePrimaryOptions, 'readers' | 'ticket'> {
  /** Where the address is rather than on the other node, the most preferred first. */
  readonly preferred: readonly string[]
  /** Whether the address goes back to the preferred node when that takes writes again. */
  readonly failback: boolean
}

/** Both of two instances take writes and replicate from each other; an address follows one that has what the other wrote. */
export function multiPrimary(options: MultiPrimaryOptions): Configuration {
  const { writer } = options
  return {
    notes: clusterNotes(options),
    missing: fencingDevices(options.nodes),
    resources: [pair(options), ...(writer === undefined ? [] : [addressResource(options, writer)])],
    constraints: [onlyOnItsNodes(options), ...(writer === undefined ? [] : addressConstraints(options))],
    properties: [...CLUSTER_PROPERTIES, ...(writer === undefined ? [] : [FENCING_DELAY])],
  }
}

/** Like a single primary's, but for what says how many take writes. */
function pair(options: MultiPrimaryOptions): Resource {
  const single = database(options)
  const meta = single.promotable?.meta.map(setting => ({ ...setting, ...PAIR_META[setting.name] })) ?? []
  return {
    ...single,
    because: 'the database server, one instance on each of two nodes',
    meta: single.meta.filter(({ name }) => name !== 'priority'),
    promotable: { id: cloneOf(options), meta },
  }
}

const PAIR_META: Readonly<Record<string, { readonly value?: string; readonly because: string }>> = {
  promotable: { because: 'a promoted instance takes writes' },
  notify: { because: 'each publishes what it holds before the other one is promoted, and follows it afterwards' },
  'promoted-max': { value: '2', because: 'both take writes' },
}

/** What draws the address to a node, each weight larger than all below it together. Where it is to go back, nothing makes it stay. */
const ATTRACTION = { ready: 1000, staying: 100, preferred: 40 } as const

const addressResource = (options: MultiPrimaryOptions, address: Address): Resource => {
  const resource = floatingAddress(
    writerOf(options),
    { address, nic: options.nic },
    'the address for clients, on one of the two nodes',
    options.failback
      ? { value: '0', because: 'it goes back to the preferred node when that takes writes again' }
      : { value: String(ATTRACTION.staying), because: 'it stays where it is as long as that node takes writes' },
  )
  const priority = {
    name: 'priority',
    value: '1',
    because: 'makes the node with the address worth more than the other',
  }
  return { ...resource, meta: [...resource.meta, priority] }
}

function addressConstraints(options: MultiPrimaryOptions): readonly Constraint[] {
  const id = writerOf(options)
  return [
    {
      id: `${id}-where-ready`,
      kind: 'location',
      resource: id,
      score: ATTRACTION.ready,
      rule: { match: 'and', expressions: [{ attribute: options.readerAttribute, is: 'eq', value: '1' }] },
      because:
        'of two that take writes the one that has applied what the other one wrote; if none has, there is an address all the same',
    },
    ...options.preferred.map((node, place) => preference(id, node, place)),
    ...writerConstraints(options),
  ]
}

const preference = (id: string, node: string, place: number): Constraint => ({
  id: `${id}-prefers-${node}`,
  kind: 'location',
  resource: id,
  score: ATTRACTION.preferred - place,
  rule: { match: 'and', expressions: [{ attribute: '#uname', is: 'eq', value: node }] },
  because: `of two nodes that are ready the address is rather on ${node}`,
})

const FENCING_DELAY = {
  name: 'priority-fencing-delay',
  value: '10s',
  because:
    'when the two nodes lose sight of each other, each would fence the other at once: the one without the address waits so long, and the one with it wins. It must be longer than fencing takes',
} as const
