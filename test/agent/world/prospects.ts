import type { ClusterMemory } from '../../../cib/memory.ts'
import type { SourceRecord } from '../../../cib/source-record.ts'
import { isConnected } from './flow.ts'
import { find, type Node, reaches, type World, wordOf } from './world.ts'

/**
 * What could be lost with the very next acknowledgement, if it came from the worst replicas that can give it: a commit counts
 * on as many ackers of the cluster's word as the guarantee says, or must not be acknowledged at all (I1, I4).
 */
export function badProspect(world: World): string | undefined {
  const memory = wordOf(world)
  if (memory?.record === undefined) return undefined
  for (const node of world.nodes) {
    const because = node.server.process === 'serving' ? prospectOf(world, node, memory, memory.record) : undefined
    if (because !== undefined) return `${node.name} ${because}`
  }
  return undefined
}

function prospectOf(world: World, node: Node, memory: ClusterMemory, record: SourceRecord): string | undefined {
  const { log, committed, writable, acknowledgedBy, clients } = node.server
  const waiting = log.slice(committed).map((transaction, index) => ({ transaction, height: committed + index + 1 }))
  const givers = waiting
    .filter(({ transaction }) => clients.has(transaction))
    .map(({ height }) => [...acknowledgedBy].filter(([, known]) => known >= height).map(([name]) => name))
  for (const given of [...givers, ...(writable ? [[]] : [])]) {
    const fewest = fewestAckers(world, node, memory, record, given)
    if (fewest === undefined) continue
    if (record.node !== node.name) return `can have a commit acknowledged, and ${record.node} is the source`
    if (memory.handover?.epoch === record.epoch) return 'can have a commit acknowledged after it has handed over'
    if (fewest < guaranteed(memory, record))
      return `can have a commit acknowledged that is on ${fewest} ackers, and the cluster counts on ${guaranteed(memory, record)}`
  }
  return undefined
}

/** How few of those that an election would ask may hold the commit once it is acknowledged; undefined: it cannot be. */
function fewestAckers(
  world: World,
  node: Node,
  { registrations }: ClusterMemory,
  { epoch }: SourceRecord,
  given: readonly string[],
): number | undefined {
  const { sourceEnabled, acks } = node.server
  if (!sourceEnabled) return 0
  const isAsked = (name: string) => (registrations.get(name)?.epoch ?? 0) >= epoch
  const able = world.nodes.filter(one => canAcknowledge(world, one, node)).map(({ name }) => name)
  const others = able.filter(name => !given.includes(name))
  const missing = Math.max(0, acks - given.length)
  if (others.length < missing) return undefined
  const unasked = others.filter(name => !isAsked(name)).length
  return given.filter(isAsked).length + Math.max(0, missing - unasked)
}

/** It does already, or will as soon as it connects. */
function canAcknowledge(world: World, { name, server }: Node, source: Node): boolean {
  if (name === source.name || server.process !== 'serving' || !server.receiver || server.source !== source.name)
    return false
  const replica = find(world, name)
  return isConnected(world, replica)
    ? server.stream?.acknowledges === true
    : server.replicaEnabled && reaches(world, replica, source)
}

const guaranteed = ({ guarantee }: ClusterMemory, { epoch, acks }: SourceRecord) =>
  guarantee?.epoch === epoch ? guarantee.acks : acks
