import { keepsCommits } from '../../../agent/durability.ts'
import { applyOne, held, type Server } from './server.ts'
import { lists, nextNumber, type Transaction } from './transaction.ts'
import { find, keyOf, type Node, reaches, type World, wordOf } from './world.ts'

/** A transaction is written on a server: it is in the log, and its commit waits as the server is told to. */
export function write(world: World, node: Node, hasClient: boolean): Transaction {
  const { server } = node
  const key = keyOf(world, node)
  const number = nextNumber(world.flavour, key, held(server))
  const transaction = { key, number, name: `t${++world.written}` }
  server.log.push(transaction)
  server.unsynced = staysInCache(world, node) ? server.unsynced + 1 : 0
  if (hasClient) server.clients.add(transaction)
  settle(world, node)
  return transaction
}

/** What is written before the cluster knows that the disk is not waited for, is taken to get there in time: nobody can know sooner. */
function staysInCache(world: World, { name, server }: Node): boolean {
  const memory = wordOf(world)
  if (server.commitsSynced || memory?.record?.node !== name) return false
  return !keepsCommits(memory.record, memory)
}

/** Commit all that has its acknowledgements, and answer the clients. */
export function settle(world: World, { server }: Node): void {
  const { log, sourceEnabled, acks, acknowledgedBy, clients } = server
  const heights = [...acknowledgedBy.values()].sort((a, b) => b - a)
  const height = sourceEnabled ? (heights[acks - 1] ?? 0) : log.length
  for (const transaction of log.slice(server.committed, height)) {
    if (clients.delete(transaction)) world.acknowledged.add(transaction)
    server.committed++
    if (sourceEnabled) server.acknowledged++
  }
}

/** The connection of a replica to its source, as long as both hold it up. */
export function isConnected(world: World, node: Node): boolean {
  const { stream } = node.server
  if (stream === undefined) return false
  const source = find(world, stream.to)
  return source.server.process !== 'stopped' && source.server.run === stream.run && reaches(world, node, source)
}

/** Whose connections a source has now that acknowledge. */
export const ackersAt = (world: World, source: Node) =>
  world.nodes.filter(
    node => node.server.stream?.to === source.name && node.server.stream.acknowledges && isConnected(world, node),
  )

/** A replica connects, or receives one transaction and acknowledges it as far as it was asked to. */
export function receive(world: World, node: Node, isAckLost: boolean): boolean {
  const { server } = node
  if (server.process !== 'serving' || !server.receiver || server.source === undefined) return false
  const source = find(world, server.source)
  if (source.server.process !== 'serving' || !reaches(world, node, source)) return false
  if (!isConnected(world, node)) return connect(world, server, source)
  const at = source.server.log.findIndex(transaction => !lists(held(server), transaction))
  const next = source.server.log[at]
  if (next === undefined) return false
  server.relay.push(next)
  if (server.stream?.acknowledges && source.server.sourceEnabled && !isAckLost) {
    source.server.acknowledgedBy.set(node.name, at + 1)
    settle(world, source)
  }
  return true
}

/** Whether a server has let go of something that the replica would need. */
export function isStranded(replica: Server, { log, purged }: Server): boolean {
  return log.slice(0, purged).some(transaction => !lists(held(replica), transaction))
}

/** MariaDB's source looks for the place where the replica stands; MySQL's sends whatever the replica has not listed. */
function connect({ flavour }: World, server: Server, source: Node): boolean {
  const last = held(server).at(-1)
  if (flavour === 'mariadb' && last && !lists(source.server.log, last)) {
    server.receiver = false
    server.receiverError = '1236: not in the binary log of the source'
    return true
  }
  if (isStranded(server, source.server)) {
    server.receiver = false
    server.receiverError = 'required binary logs have been purged (1236)'
    return true
  }
  server.receiverError = undefined
  server.stream = { to: source.name, run: source.server.run, acknowledges: server.replicaEnabled }
  return true
}

/** A replica executes one of the transactions that it received. */
export function apply(world: World, node: Node): boolean {
  const { server } = node
  if (server.process !== 'serving' || !server.applier) return false
  const isApplied = applyOne(server)
  settle(world, node)
  return isApplied
}
