import type { CommitLook } from '../../../agent/commit-look.ts'
import type { Durability } from '../../../agent/durability.ts'
import type { Plan, Step } from '../../../agent/plan.ts'
import type { Situation } from '../../../agent/situation.ts'
import type { Deed } from '../../../agent/transitions.ts'
import type { Holdings } from '../../../cib/holdings.ts'
import { BLANK, type ClusterMemory } from '../../../cib/memory.ts'
import type { Notification } from '../../../cib/notification.ts'
import type { FlavourName } from '../../../lib/mysql/server-facts.ts'
import { installed, type Server } from './server.ts'
import type { StepState } from './server-steps.ts'
import type { Transaction } from './transaction.ts'

/** One copy of the CIB. Every change makes the version higher; where copies meet, the highest version wins. */
interface Cib {
  readonly version: number
  readonly memory: ClusterMemory
}

/** An action in progress. Each of its parts is one moment; anything may happen between two of them. */
export interface Action {
  readonly deed: Deed
  readonly notification: Notification | undefined
  round: number
  /** What was seen of the own instance and the cluster, before it looks closer. */
  noticed: Situation | undefined
  situation: Situation | undefined
  plan: Plan | undefined
  /** What is left to do, the present step first. */
  steps: readonly Step[]
  /** How far the present step has come. */
  state: StepState | undefined
}

/** One machine with its server, its copy of the CIB, and what Pacemaker knows of the instance. */
export interface Node {
  readonly name: string
  readonly id: number
  up: boolean
  /** Pacemaker runs here. Without it the node is a member of corosync's partition, and has its vote, all the same. */
  pacemaker: boolean
  boot: number
  /** Nodes with the same number see each other. */
  side: number
  /** It will be cut off from all others in the moment of its next write into the CIB: nobody else gets that. */
  isDoomed: boolean
  /** It is known to be off: it was fenced, and has not come back. */
  fenced: boolean
  readonly server: Server
  cib: Cib
  holdings: Holdings | undefined
  lastLook: CommitLook | undefined
  /** What Pacemaker takes the instance for, until it knows better. */
  role: 'stopped' | 'unpromoted' | 'promoted'
  /** An action has failed: it has to be demoted and stopped. */
  failed: boolean
  /** Somebody wants it so. */
  wanted: 'demote' | 'stop' | undefined
  score: number | string | undefined
  action: Action | undefined
}

/** A promotion as Pacemaker carries it out. */
interface Election {
  readonly candidate: string
  readonly notification: Notification
  stage: 'before' | 'promote' | 'after'
  /** Who has not been notified yet, before or after the promotion. */
  readonly before: Set<string>
  readonly after: Set<string>
}

/** All that there is. */
export interface World {
  readonly flavour: FlavourName
  readonly nodes: readonly Node[]
  /** Replicas have on disk what they acknowledge. */
  readonly synced: boolean
  durability: Durability
  /** Of whose commits a client was told. */
  readonly acknowledged: Set<Transaction>
  /** Pairs of nodes between which replication is cut, as "alpha beta". */
  readonly cuts: Set<string>
  election: Election | undefined
  written: number
  /** The last epoch in which writes were opened. */
  epoch: number
  /** Which rule was broken in the course of a step. */
  broken: string | undefined
  /** What happened, for a counterexample. */
  readonly trace: string[]
}

export interface Setting {
  readonly flavour: FlavourName
  readonly nodes: number
  readonly synced: boolean
  readonly durability: Durability
}

const NAMES = ['alpha', 'beta', 'gamma', 'delta', 'epsilon']

/** Machines that are on, with servers of one common history that have not been started. */
export function createWorld({ flavour, nodes, synced, durability }: Setting): World {
  const first = { key: flavour === 'mysql' ? uuidOf(9) : '0-9', number: 1, name: 'first' }
  return {
    flavour,
    synced,
    durability,
    nodes: NAMES.slice(0, nodes).map((name, index) => createNode(name, index + 1, [first])),
    acknowledged: new Set(),
    cuts: new Set(),
    election: undefined,
    written: 0,
    epoch: 0,
    broken: undefined,
    trace: [],
  }
}

const createNode = (name: string, id: number, history: readonly Transaction[]): Node => ({
  name,
  id,
  up: true,
  pacemaker: true,
  boot: 1,
  side: 0,
  isDoomed: false,
  fenced: false,
  server: installed(history),
  cib: { version: 1, memory: BLANK },
  holdings: undefined,
  lastLook: undefined,
  role: 'stopped',
  failed: false,
  wanted: undefined,
  score: undefined,
  action: undefined,
})

const uuidOf = (id: number) => `00000000-0000-0000-0000-00000000000${id}`

/** What a server writes its transactions under. */
export const keyOf = ({ flavour }: World, { id }: Node) => (flavour === 'mysql' ? uuidOf(id) : `0-${id}`)

export const bootOf = ({ name, boot }: Node) => `${name}-boot-${boot}`

export function find({ nodes }: World, name: string): Node {
  const found = nodes.find(node => node.name === name)
  if (found === undefined) throw new Error(`no node is called ${name}`)
  return found
}

/** The nodes that a node sees, itself among them. */
export const sideOf = ({ nodes }: World, { side }: Node) => nodes.filter(node => node.up && node.side === side)

/** Those of them that Pacemaker runs on: what it writes, they have. */
export const membersOf = (world: World, node: Node) => sideOf(world, node).filter(({ pacemaker }) => pacemaker)

export const isQuorate = (world: World, node: Node) =>
  node.up && node.pacemaker && sideOf(world, node).length * 2 > world.nodes.length

/** The nodes whose word counts: Pacemaker runs on the majority of all nodes, and they see each other. None while there is none. */
export const majorityOf = (world: World) =>
  world.nodes.filter(node => node.up && node.pacemaker && membersOf(world, node).length * 2 > world.nodes.length)

/** What the cluster remembers, as long as some side has the majority. */
export const wordOf = (world: World): ClusterMemory | undefined => majorityOf(world)[0]?.cib.memory

const pair = (a: Node, b: Node) => [a.name, b.name].sort().join(' ')

export const cut = ({ cuts }: World, a: Node, b: Node) => cuts.add(pair(a, b))
export const mend = ({ cuts }: World, a: Node, b: Node) => cuts.delete(pair(a, b))

/** Whether replication, or a question, gets from one to the other. */
export const reaches = ({ cuts }: World, a: Node, b: Node) => a.up && b.up && !cuts.has(pair(a, b))

/** The node that the cluster names as its source. */
export const sourceOf = (world: World) => world.nodes.find(({ name }) => name === wordOf(world)?.record?.node)
