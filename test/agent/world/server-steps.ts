import type { ProcessStep, ServerStep } from '../../../agent/plan.ts'
import { contains, type GtidSet } from '../../../lib/mysql/gtid-set.ts'
import { Failure } from '../../../lib/system/failure.ts'
import { settle, write } from './flow.ts'
import { whyNotForget, whyNotOpen } from './invariants.ts'
import { executedOf, view } from './look.ts'
import { deleteRelayLog, kill, launch, pointAt, stopReceiver } from './server.ts'
import { setOf } from './transaction.ts'
import type { Node, World } from './world.ts'

/** A step is over, or waits for something that may come or not. */
export type Progress = 'done' | 'waits'

/** How far a step has come that does not end in the moment that it begins. */
export interface StepState {
  begun: boolean
  /** All that the server had written when it began. */
  target: GtidSet
  /** Who was in the partition when it began. */
  members: readonly string[]
  /** How many commits had begun to wait. */
  begunCommits: number
  /** What it waited for has come; what it does then is done in another moment. */
  ready: boolean
}

const until = (isReached: boolean): Progress => (isReached ? 'done' : 'waits')

/** What a step does to the server. Throws Failure as the real one does. */
export function performOnServer(world: World, node: Node, step: ServerStep, state: StepState): Progress {
  const { server } = node
  if (server.process !== 'serving') throw new Failure('unreachable', `mysqld on ${node.name} does not answer`)
  switch (step.do) {
    case 'close-writes':
      return close(node)
    case 'open-writes':
      world.broken ??= whyNotOpen(world, node)
      world.epoch = node.cib.memory.record?.epoch ?? 0
      server.writable = true
      return 'done'
    case 'release-applier': // transactions are received as a whole here
    case 'stop-receiver':
      stopReceiver(server)
      return 'done'
    case 'drain-relay-log':
      return drain(world, node)
    case 'catch-up-from':
      if (!state.begun) follow(world, node, step.peer.node)
      return until(step.peer.held.by === 'gtid' && hasExecuted(world, node, step.peer.held.set))
    case 'forget-source':
      world.broken ??= whyNotForget(world, node)
      pointAt(server, undefined)
      return 'done'
    case 'follow':
      follow(world, node, step.source.node)
      return 'done'
    case 'follow-replica':
      follow(world, node, step.node)
      return 'done'
    case 'await-transactions':
      return until(contains(setOf(world.flavour, [...executedOf(world, node), ...server.relay]), step.set))
    case 'await-replica':
      return until(countInStep(world, node, step.nodes, state.target) > 0)
    case 'restart-receiver':
      return restartReceiver(node)
    default:
      return performOnSemiSync(world, node, step, state)
  }
}

type SemiSyncStep = Extract<ServerStep['do'], `${string}arm-${string}` | 'relax-source' | 'renew-acks'>

function performOnSemiSync(
  world: World,
  node: Node,
  step: Extract<ServerStep, { do: SemiSyncStep }>,
  state: StepState,
): Progress {
  const { server } = node
  switch (step.do) {
    case 'arm-source':
      if (world.flavour === 'mariadb' && step.acks !== 1) throw new Failure('misconfigured', 'MariaDB waits for one')
      server.acks = step.acks
      server.sourceEnabled = true
      break
    case 'disarm-source':
      if (waiting(node) > 0 && server.sourceEnabled) return 'waits'
      server.sourceEnabled = false
      break
    case 'relax-source':
      server.sourceEnabled = false
      break
    case 'renew-acks':
      if (!state.begun) write(world, node, false)
      return until(waiting(node) === 0)
    case 'arm-replica':
      server.replicaEnabled = true
      break
    case 'disarm-replica':
      server.replicaEnabled = false
      break
  }
  settle(world, node)
  return 'done'
}

/** How many commits wait for an acknowledgement. */
export const waiting = ({ server: { log, committed } }: Node) => log.length - committed

const hasExecuted = (world: World, node: Node, set: GtidSet) =>
  contains(setOf(world.flavour, executedOf(world, node)), set)

/** The gate cannot be closed while commits wait. */
function close(node: Node): Progress {
  if (waiting(node) > 0 && node.server.writable) return 'waits'
  node.server.writable = false
  return 'done'
}

/** MariaDB's relay log of an earlier run is read from its files, and the applier stands still afterwards. */
function drain(world: World, node: Node): Progress {
  const { server } = node
  if (server.source === undefined) return 'done'
  const fromFiles = world.flavour === 'mariadb' && !server.receiver && !server.applier
  server.log.push(...server.relay)
  server.relay = []
  server.relayForgotten = false
  if (!fromFiles) server.applier = true
  settle(world, node)
  return 'done'
}

/** MariaDB deletes the relay log when a thread starts while both are stopped. */
function follow(world: World, node: Node, source: string): void {
  const { server } = node
  const isForgetful = world.flavour === 'mariadb' && !server.receiver && !server.applier
  if (server.source !== source || isForgetful) world.broken ??= whyNotForget(world, node)
  if (server.source !== source) pointAt(server, source)
  else if (isForgetful) deleteRelayLog(server)
  server.receiver = true
  server.receiverError = undefined
  server.applier = true
}

function restartReceiver({ name, server }: Node): Progress {
  if (!server.applier) throw new Failure('rejected', `the applier of ${name} does not run`)
  stopReceiver(server)
  server.receiver = true
  return 'done'
}

/** How many of these nodes say that they have executed all of the set. */
export function countInStep(world: World, node: Node, nodes: readonly string[], set: GtidSet): number {
  return nodes.map(name => view(world, node, name)).filter(one => one.answers && contains(one.executed, set)).length
}

/** What a step does to the server's process. The quarantine that a cut brings along is the caller's. */
export function performOnProcess(world: World, node: Node, step: ProcessStep): void {
  const { server } = node
  switch (step.do) {
    case 'cut-tail':
      if (server.process !== 'stopped') throw new Failure('rejected', `mysqld on ${node.name} runs`)
      cutTail(world, node, step.cut.position)
      break
    case 'check-cut':
    case 'await-server':
      break
    case 'launch-server':
      if (server.process === 'stopped') launch(server, world.flavour === 'mariadb')
      break
    case 'stop-server':
      stop(world, node, step.how)
  }
}

/** What the engine had committed outlives the cut: MySQL lists it still, MariaDB's log does not. */
function cutTail({ flavour }: World, { server }: Node, position: number): void {
  if (server.committed > position) server.tainted = true
  const length = flavour === 'mysql' ? Math.max(position, server.committed) : position
  server.log.length = Math.min(server.log.length, length)
  server.committed = Math.min(server.committed, server.log.length)
  server.purged = Math.min(server.purged, server.log.length)
  server.unsynced = 0
}

/** A shutdown commits what waits; MySQL even answers the clients. */
function stop(world: World, { server }: Node, how: 'shutdown' | 'kill'): void {
  if (server.process === 'stopped') return
  if (how === 'shutdown' && server.process === 'serving') {
    for (const transaction of server.clients) if (world.flavour === 'mysql') world.acknowledged.add(transaction)
    server.committed = server.log.length
    server.crashed = false
  }
  kill(server)
}
