import { kill, loseEnd } from './server.ts'
import type { Node, World } from './world.ts'

/** The machine loses its power. What is only in its page cache is lost: so many transactions, received or written. */
export function powerOff(world: World, node: Node, lost: number): void {
  kill(node.server)
  loseEnd(node.server, Math.min(lost, node.server.unsynced))
  if (!world.synced && lost > 0) node.server.relay.length = Math.max(0, node.server.relay.length - lost)
  node.up = false
  node.isDoomed = false
  node.boot++
  node.action = undefined
  node.holdings = undefined
  node.lastLook = undefined
  if (world.election?.candidate === node.name && world.election.stage !== 'after') world.election = undefined
}

/** It is off for certain, and Pacemaker knows it. */
export function fence(world: World, node: Node, lost = 0): void {
  if (node.up) powerOff(world, node, lost)
  node.fenced = true
  node.role = 'stopped'
  node.failed = false
  node.wanted = undefined
  node.score = undefined
}

/** The machine gets its power back. */
export function powerOn(node: Node): void {
  node.up = true
  node.pacemaker = true
  node.role = 'stopped'
  node.failed = false
  node.wanted = undefined
  node.fenced = false
}
