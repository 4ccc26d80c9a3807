import type { Constraint, Resource } from './configuration.ts'
import { floatingAddress, type Placement } from './floating-address.ts'

/** An address for clients that only read. */
export interface ReaderAddress extends Placement {
  readonly id: string
  /** The promotable clone whose replicas are read. */
  readonly clone: string
  /** The node attribute that is 1 where clients may read: on fit replicas, and on the promoted instance. */
  readonly attribute: string
}

/**
 * What draws a reader address to a node. A sum below zero would forbid the node altogether, so the attraction of a
 * readable node is larger than all aversions together.
 */
const ATTRACTION = { readable: 1000, primary: -100, neighbour: -10, staying: 1 } as const

/** The resource that holds such an address. */
export const readerResource = (reader: ReaderAddress): Resource =>
  floatingAddress(reader.id, reader, 'an address for readers', {
    value: String(ATTRACTION.staying),
    because: 'it stays where it is among equal nodes, and still leaves the primary for a replica that is fit again',
  })

/** Where the address may be and where it had better be; `others` are the reader addresses that it keeps away from. */
export function readerConstraints(reader: ReaderAddress, others: readonly ReaderAddress[]): readonly Constraint[] {
  const { id, attribute } = reader
  return [
    {
      id: `${id}-only-where-readable`,
      kind: 'location',
      resource: id,
      score: '-INFINITY',
      rule: {
        match: 'or',
        expressions: [
          { attribute, is: 'not_defined' },
          { attribute, is: 'ne', value: '1' },
        ],
      },
      because: 'replicas that lag or do not replicate serve no readers',
    },
    {
      id: `${id}-where-readable`,
      kind: 'location',
      resource: id,
      score: ATTRACTION.readable,
      rule: { match: 'and', expressions: [{ attribute, is: 'eq', value: '1' }] },
      because: 'keeps the sum of the preferences below above zero: a negative sum would forbid the node',
    },
    {
      id: `${id}-off-the-primary`,
      kind: 'colocation',
      resource: id,
      with: reader.clone,
      role: 'Promoted',
      score: ATTRACTION.primary,
      because: 'readers go to a replica, and to the primary when no replica is readable; they outlive a primary',
    },
    ...others.map(other => apart(id, other.id)),
  ]
}

const apart = (id: string, other: string): Constraint => ({
  id: `${id}-apart-from-${other}`,
  kind: 'colocation',
  resource: id,
  with: other,
  score: ATTRACTION.neighbour,
  because: 'readers spread over the replicas, and share one rather than burden the primary',
})
