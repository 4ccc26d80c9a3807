import type { ClusterView } from '../cib/cluster-view.ts'
import type { Holdings } from '../cib/holdings.ts'
import type { ClusterMemory } from '../cib/memory.ts'
import type { Notification } from '../cib/notification.ts'
import type { GtidSet } from '../lib/mysql/gtid-set.ts'
import type { ServerFacts } from '../lib/mysql/server-facts.ts'
import type { TailVerdict } from '../lib/mysql/tail.ts'
import type { CommitLook } from './commit-look.ts'
import type { Durability } from './durability.ts'
import type { Preference } from './failback.ts'
import type { PairView } from './pair/pair-view.ts'
import type { ReaderSight } from './reader-sight.ts'
import type { SiteAddress } from './site-address.ts'

/** mysqld on this node. Unknown is a state of its own: never stopped, never promoted. */
export type Instance =
  | { readonly state: 'stopped' }
  /** Launched and not answering yet: loading, or in crash recovery. */
  | { readonly state: 'starting' }
  /** Nothing runs on the data directory, but somebody else's server has the socket. */
  | { readonly state: 'foreign'; readonly because: string }
  /** A process is there and does not answer as it should. */
  | { readonly state: 'failed'; readonly because: string }
  /** It lives, but has no connection left for us. `lastSeen` is how this same process looked at the last monitor. */
  | { readonly state: 'crowded'; readonly lastSeen: 'promoted' | 'unpromoted' | undefined }
  | { readonly state: 'unpromoted'; readonly facts: ServerFacts }
  /** It takes writes. */
  | { readonly state: 'promoted'; readonly facts: ServerFacts }

/** The name of a state; the table of transitions has a column for each. */
export type InstanceState = Instance['state']

/** Another instance in an election; `holdings` is undefined until it has published what it holds. */
export interface Peer {
  readonly node: string
  readonly holdings: Holdings | undefined
}

/** Another instance, asked over the network after this one was read; or why nothing is known of it. */
export type InstanceView =
  | AnsweringInstance
  /** Silent: nothing came back at all, as from one that is dead. */
  | { readonly answers: false; readonly because: string; readonly silent: boolean }

/** One that answers: which server it is, and what it has executed by then. */
export interface AnsweringInstance extends Pick<ServerFacts, 'executed' | 'writable' | 'serverId' | 'serverUuid'> {
  readonly answers: true
  /** What its binary logs no longer hold; undefined where it does not say. */
  readonly purged: GtidSet | undefined
}

/** The other site, and whether this one has the right to take writes. */
export interface SiteView extends SiteAddress {
  readonly ticket: string
  readonly granted: boolean
  /** What answers at its address for writers. */
  readonly other: InstanceView
}

/**
 * Everything one action knows about the world: read once by observe(), never changed.
 * Each action looks only at what it decides by (the table in observe.ts); what it does not look at is undefined or empty.
 */
export interface Situation {
  readonly node: string
  readonly instance: Instance
  /** How many instances the clone may have; 1 outside of a clone. */
  readonly instances: number
  readonly notification: Notification | undefined
  /** What the cluster remembers of the resource. */
  readonly memory: ClusterMemory
  readonly quorate: boolean
  /** The other node of a cluster of two, not met since Pacemaker started here: the memory may be old. */
  readonly unmet: string | undefined
  /** The other members of the electorate. */
  readonly peers: readonly Peer[]
  /** This instance's own holdings are published for the record's epoch: an election holds its receiver still. */
  readonly frozen: boolean
  /** The recorded source; undefined where it was not asked. */
  readonly source: InstanceView | undefined
  /** The other active instances, asked before the source; only where this instance does not follow that one. */
  readonly neighbours: ReadonlyMap<string, InstanceView>
  /** Undefined where there is no other site, and where this action does not look at it. */
  readonly site: SiteView | undefined
  /** What the ackers of this source have executed, by node; of those that were asked. */
  readonly ackers: ReadonlyMap<string, InstanceView>
  /** Who is there, as Pacemaker says; undefined where it was not asked. */
  readonly cluster: ClusterView | undefined
  /** How the last monitor of this source found its commits. */
  readonly lastLook: CommitLook | undefined
  /** What the binary log of a stopped, crashed server ends with, beside what the source executed. */
  readonly tail: TailVerdict | undefined
  readonly durability: Durability
  /** What becomes of data that differ from the source's. */
  readonly onDiverged: 'quarantine' | 'reseed'
  /** Which boot of this machine this is. */
  readonly boot: string
  readonly preference: Preference
  /** The other source, where two instances take writes; `memory` is that of this node's own reign then. */
  readonly pair: PairView | undefined
  readonly readers: ReaderSight
  /** Replicate by GTID: the server offers it and the parameter `gtid` does not turn it off. */
  readonly byGtid: boolean
}
