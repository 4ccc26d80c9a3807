import type { FlavourName } from '../../lib/mysql/server-facts.ts'
import type { Attempt } from '../lab/write-record.ts'
import type { LogRun } from './log-runs.ts'
import type { Expectations } from './types.ts'

/** What a node's server holds when nobody writes any more. */
export interface NodeFacts {
  readonly node: string
  /** Why its data must not be used, by the cluster's word; undefined where they may be. */
  readonly quarantine: string | undefined
  /** Whether it would take writes of clients. */
  readonly writable: boolean
  /** The rows of this load, by their ids. */
  readonly rows: ReadonlySet<string>
  /** How many rows of earlier loads there are. */
  readonly earlierRows: number
  /** Where large values stand: each with the writer that put it there. */
  readonly payloads: readonly Payload[]
  /** The checksum of every table of users. */
  readonly tables: ReadonlyMap<string, string>
  /** Every transaction that it executed, in the server's own words. */
  readonly executed: string
}

export interface Payload {
  readonly writer: string
  /** The number of the last row of the value's transaction. */
  readonly sequence: number
  /** The number of the last row of the writer. */
  readonly lastSequence: number
}

/** A node that nobody could look at, and why. */
export interface Unreadable {
  readonly node: string
  readonly unreadable: string
}

/** Everything that the checks judge: what the clients saw, what the servers hold, what the cluster did. */
export interface Facts {
  readonly flavour: FlavourName
  readonly before: string
  readonly after: string
  readonly healthyMs: number | null
  readonly expects: Expectations
  readonly attempts: readonly Attempt[]
  readonly nodes: readonly (NodeFacts | Unreadable)[]
  /** How many rows of earlier loads the source held before this one. */
  readonly earlierRows: number
  /** Promotions since the load began, by the epochs of the cluster's record. */
  readonly promotions: number
  /** Of every node's binary logs, since the load began. */
  readonly runs: readonly LogRun[]
  /** The nodes that fencing powered off, one entry a power cycle. */
  readonly fenced: readonly string[]
  /** Failed actions that the cluster still shows. */
  readonly failedActions: readonly string[]
}

export function isReadable(node: NodeFacts | Unreadable): node is NodeFacts {
  return !('unreadable' in node)
}

/** The nodes whose data are held to what the clients were told: those in quarantine are not. */
export function servingNodes({ nodes }: Pick<Facts, 'nodes'>): NodeFacts[] {
  return nodes.filter(isReadable).filter(({ quarantine }) => quarantine === undefined)
}
