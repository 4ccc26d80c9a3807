import { finish } from './work.ts'
import { membersOf, type Node, reaches, type World } from './world.ts'

/** Somebody stops Pacemaker on a node in good order: its instance is stopped. Corosync goes on. */
export function quit(world: World, node: Node): void {
  if (!node.up || !node.pacemaker || node.role === 'promoted') return
  if (node.role === 'unpromoted') node.wanted = 'stop'
  finish(world, node)
  if (node.action === undefined && node.role === 'unpromoted') finish(world, node)
  if (node.action === undefined && node.role === 'stopped' && node.server.process === 'stopped') leave(node)
}

/** Somebody stops Pacemaker on a node in maintenance, or has it forget what runs there: a replica goes on running. */
export function detach(world: World, node: Node): void {
  if (!node.up || !node.pacemaker || node.role !== 'unpromoted' || node.failed || node.action !== undefined) return
  if (node.cib.memory.record?.node === node.name) return
  if (node.server.process !== 'serving' || !world.nodes.every(other => !other.up || reaches(world, node, other))) return
  node.role = 'stopped'
  leave(node)
}

function leave(node: Node): void {
  node.pacemaker = false
  node.holdings = undefined
  node.score = undefined
  node.wanted = undefined
}

/** Pacemaker runs again: the newest CIB counts, and a probe finds what runs. */
export function attach(world: World, node: Node): void {
  if (!node.up || node.pacemaker) return
  node.pacemaker = true
  const members = membersOf(world, node)
  const best = members.map(({ cib }) => cib).reduce((a, b) => (b.version > a.version ? b : a), node.cib)
  for (const member of members) member.cib = best
  const { process, writable } = node.server
  node.role = process === 'stopped' ? 'stopped' : writable ? 'promoted' : 'unpromoted'
  node.failed = process === 'hung'
}
