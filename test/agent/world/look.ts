import { isIrregular } from '../../../agent/certify.ts'
import { ackersOf } from '../../../agent/durability.ts'
import { NO_PREFERENCE } from '../../../agent/failback.ts'
import type { Instance, InstanceView, Situation } from '../../../agent/situation.ts'
import type { Deed } from '../../../agent/transitions.ts'
import type { ClusterView } from '../../../cib/cluster-view.ts'
import { electorate, type Notification } from '../../../cib/notification.ts'
import type { Replication, ServerFacts } from '../../../lib/mysql/server-facts.ts'
import type { TailVerdict } from '../../../lib/mysql/tail.ts'
import { ackersAt, isConnected } from './flow.ts'
import { lists, positionOf, setOf, type Transaction } from './transaction.ts'
import { bootOf, find, isQuorate, keyOf, membersOf, type Node, reaches, sideOf, type World } from './world.ts'

const PORT = 3306
const NOWHERE = { file: 'binlog.000001', position: 4 }

/** What the server shows as executed: MariaDB counts what is in the log, MySQL what the engine has committed. */
export const executedOf = ({ flavour }: World, { server: { log, committed } }: Node): readonly Transaction[] =>
  flavour === 'mariadb' ? log : log.slice(0, committed)

/** The server's facts, as two queries show them. */
export function factsOf(world: World, node: Node): ServerFacts {
  const { flavour, synced } = world
  const { server } = node
  const executed = executedOf(world, node)
  return {
    flavour,
    version: '',
    serverId: node.id,
    serverUuid: flavour === 'mysql' ? keyOf(world, node) : undefined,
    port: PORT,
    writable: server.writable,
    gtid: true,
    binaryLog: NOWHERE,
    executed: setOf(flavour, executed),
    gtidPosition: positionOf(flavour, executed),
    replication: replicationOf(world, node),
    commitsSynced: server.commitsSynced,
    relayLogSynced: synced && flavour === 'mysql',
    semiSync: {
      sourceEnabled: server.sourceEnabled,
      replicaEnabled: server.replicaEnabled,
      acks: server.acks,
      ackers: ackersAt(world, node).length,
      waitingSessions: server.log.length - server.committed,
      acknowledged: server.acknowledged,
    },
  }
}

function replicationOf(world: World, node: Node): Replication | undefined {
  const { source, receiver, receiverError, applier, relay, relayForgotten } = node.server
  if (source === undefined) return undefined
  return {
    sourceHost: source,
    sourcePort: PORT,
    receiver: receiver ? (isConnected(world, node) ? 'running' : 'connecting') : 'stopped',
    receiverError,
    applierRunning: applier,
    applierError: undefined,
    lagSeconds: 0,
    byGtid: true,
    received: setOf(world.flavour, relayForgotten ? [] : relay),
    readTo: NOWHERE,
    appliedTo: NOWHERE,
  }
}

function instanceOf(world: World, node: Node): Instance {
  const { process, writable } = node.server
  if (process === 'stopped') return { state: 'stopped' }
  if (process === 'hung') return { state: 'failed', because: 'no greeting' }
  return { state: writable ? 'promoted' : 'unpromoted', facts: factsOf(world, node) }
}

/** What an action sees of its own instance and of the cluster. */
export function notice(world: World, node: Node, deed: Deed, notification: Notification | undefined): Situation {
  return {
    node: node.name,
    instance: instanceOf(world, node),
    instances: world.nodes.length,
    notification,
    memory: node.cib.memory,
    quorate: deed === 'promote' ? isQuorate(world, node) : true,
    unmet: undefined,
    site: undefined,
    peers: [],
    frozen: false,
    source: undefined,
    neighbours: new Map(),
    ackers: new Map(),
    cluster: undefined,
    lastLook: deed === 'monitor' ? node.lastLook : undefined,
    tail: undefined,
    durability: world.durability,
    boot: bootOf(node),
    onDiverged: 'quarantine',
    preference: NO_PREFERENCE,
    pair: undefined,
    readers: { maxLagSeconds: 60, returnLagSeconds: 30, lagLook: undefined, backup: undefined },
    byGtid: true,
  }
}

/** And what it sees of others, a moment later. */
export function lookCloser(world: World, node: Node, deed: Deed, noticed: Situation): Situation {
  const { memory } = node.cib
  const { record } = memory
  if (deed === 'promote') return { ...noticed, peers: peersOf(world, node, noticed) }
  if (deed === 'monitor' && record?.node === node.name) {
    if (noticed.instance.state !== 'promoted' || !isIrregular(noticed, noticed.instance.facts)) return noticed
    const cluster = clusterOf(world, node)
    const ackers = ackersOf(record, memory)
    return { ...noticed, memory, cluster, ackers: new Map(ackers.map(name => [name, view(world, node, name)])) }
  }
  if (!record || record.node === node.name || !['start', 'monitor', 'post-promote'].includes(deed)) return noticed
  const neighbours = deed === 'post-promote' ? noticed.neighbours : neighboursOf(world, node, record.node)
  const source = viewOfSource(world, node, record.node)
  const cluster = source.answers ? undefined : clusterOf(world, node)
  const isDown = noticed.instance.state === 'stopped'
  const tail = deed === 'start' && isDown ? tailOf(world, node, source, record.node) : undefined
  return { ...noticed, memory, source, neighbours, cluster, tail, frozen: node.holdings?.epoch === record.epoch }
}

/** Holdings of another epoch are void. Those of a node that is gone are gone with it. */
function peersOf(world: World, node: Node, { memory, notification }: Situation): Situation['peers'] {
  const names = (notification ? electorate(notification) : []).filter(name => name !== node.name)
  const published = new Map(sideOf(world, node).map(({ name, holdings }) => [name, holdings]))
  return names.map(name => {
    const holdings = published.get(name)
    return { node: name, holdings: holdings?.epoch === (memory.record?.epoch ?? 0) ? holdings : undefined }
  })
}

/** Another instance, asked over the network. */
export function view(world: World, from: Node, name: string): InstanceView {
  const node = find(world, name)
  if (node.server.process !== 'serving' || !reaches(world, from, node))
    return { answers: false, because: `${name} does not answer`, silent: true }
  return {
    answers: true,
    executed: setOf(world.flavour, executedOf(world, node)),
    writable: node.server.writable,
    serverId: node.id,
    serverUuid: world.flavour === 'mysql' ? keyOf(world, node) : undefined,
    purged: setOf(world.flavour, node.server.log.slice(0, node.server.purged)),
  }
}

/** The source, asked for what it has written, whether that still waits or not. */
function viewOfSource(world: World, from: Node, name: string): InstanceView {
  const seen = view(world, from, name)
  return seen.answers ? { ...seen, executed: setOf(world.flavour, find(world, name).server.log) } : seen
}

/** The other instances that Pacemaker knows of. */
function neighboursOf(world: World, node: Node, source: string): Situation['neighbours'] {
  const names = clusterOf(world, node).active.filter(name => name !== node.name && name !== source)
  return new Map(names.map(name => [name, view(world, node, name)]))
}

/** Who is there, as Pacemaker says on this node. */
function clusterOf(world: World, node: Node): ClusterView {
  const side = sideOf(world, node)
  const others = world.nodes.filter(one => !side.includes(one))
  return {
    online: membersOf(world, node).map(({ name }) => name),
    unclean: others.filter(({ fenced }) => !fenced).map(({ name }) => name),
    active: world.nodes.filter(({ role }) => role !== 'stopped').map(({ name }) => name),
  }
}

/** What a crashed server's log ends with beside what the source has: only what was not committed, in the last file, may be cut. */
function tailOf({ nodes }: World, { server }: Node, source: InstanceView, name: string): TailVerdict {
  if (!source.answers) return { say: 'refuse', because: source.because }
  if (!server.crashed) return { say: 'nothing' }
  const sourceLog = nodes.find(node => node.name === name)?.server.log ?? []
  const first = server.log.findIndex(transaction => !lists(sourceLog, transaction))
  if (first === -1) return { say: 'nothing' }
  const tail = server.log.slice(first)
  if (first < server.fileStart || tail.some(transaction => lists(sourceLog, transaction)))
    return { say: 'refuse', because: 'the source lacks what was committed' }
  const transactions = setOf('mysql', tail)
  const cut = { file: 'binlog.000001', position: first, headEnd: 4, laterFiles: [], transactions }
  return { say: 'cut', because: 'nobody acknowledged it', cut }
}
