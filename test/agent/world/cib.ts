import type { ClusterMemory } from '../../../cib/memory.ts'
import { Failure } from '../../../lib/system/failure.ts'
import { isQuorate, membersOf, type Node, type World } from './world.ts'

/** What a change adds to the version of the CIB: to `epoch`, or to `admin_epoch`, which counts before it. */
const CHANGE = 1
const AMENDMENT = 1e6

let sides = 0

/** Cut a node off from the rest of the cluster. */
export function sever(node: Node): void {
  node.side = ++sides
  node.isDoomed = false
}

/** Write into the CIB: all members of the partition have it, or the writer alone, which is cut off in this very moment. */
export function remember(world: World, node: Node, change: Partial<ClusterMemory>, growth = CHANGE): void {
  if (node.isDoomed) sever(node)
  const { version, memory } = node.cib
  const cib = { version: version + growth, memory: { ...memory, ...change } }
  for (const member of membersOf(world, node)) member.cib = cib
}

/** Permanent things are written in the quorate partition only. */
export function expectQuorum(world: World, node: Node): void {
  if (!isQuorate(world, node)) throw new Failure('rejected', `${node.name} has lost its quorum`)
}

/** See that everybody who was in the partition has what was written. */
function confirm(world: World, node: Node, members: readonly string[]): void {
  const here = membersOf(world, node).map(({ name }) => name)
  const missing = members.filter(name => !here.includes(name))
  if (missing.length > 0) throw new Failure('rejected', `the controller of ${missing.join(', ')} does not answer`)
}

/**
 * Write what an election relies on, and see that all who were members have it. It supersedes whatever nodes that are not
 * here have written.
 */
export function amend(world: World, node: Node, change: Partial<ClusterMemory>, members: readonly string[]): void {
  if (members.length * 2 <= world.nodes.length) throw new Failure('rejected', 'no majority of the nodes has the CIB')
  const absent = world.nodes.length - members.length
  remember(world, node, change, AMENDMENT * (1 + absent))
  confirm(world, node, members)
}
