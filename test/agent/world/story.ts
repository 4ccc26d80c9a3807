import { sever } from './cib.ts'
import { receive, write } from './flow.ts'
import { join } from './pacemaker.ts'
import { fence, powerOff, powerOn } from './power.ts'
import { purge } from './purge.ts'
import { held, kill } from './server.ts'
import { finish, flow, times } from './work.ts'
import { keyOf, type Node, sourceOf, type World } from './world.ts'

/** What a replica has just acknowledged may be gone with its page cache. */
export function reboot(world: World, node: Node, other: Node, how: number): void {
  receive(world, node, false)
  powerOff(world, node, how % 4)
  fence(world, node)
  comeBack(world, node, other)
}

/** It has its power again, and joins another one if that is there. */
export function comeBack(world: World, node: Node, other: Node): void {
  powerOn(node)
  sever(node)
  if (other !== node && other.up) join(world, node, other)
}

/** Somebody tells the source to wait for its disk, or not to. */
export function setSynced(world: World, synced: boolean): void {
  const source = sourceOf(world)
  if (source) source.server.commitsSynced = synced
}

/** It is told not to, and after so many writes to wait again; Pacemaker looks as often. The power may go with it. */
export function waver(world: World, how: number): void {
  const source = sourceOf(world)
  if (source === undefined || !source.server.writable) return
  setSynced(world, false)
  finish(world, source)
  if (!source.server.writable) return
  times(how % 4, () => write(world, source, true))
  for (const node of world.nodes) flow(world, node)
  setSynced(world, true)
  if (how & 4) finish(world, source)
  if (how & 8) powerOff(world, source, 1 + (how >> 4))
}

/**
 * An administrator writes on a server that is closed. Not on one that has lost its end with its power: it gives the numbers of
 * what it lost once more, and nobody can tell the one from the other.
 */
export function writeByHand(world: World, node: Node): void {
  const key = keyOf(world, node)
  const known = held(node.server)
  const isMissing = [...world.acknowledged].some(one => one.key === key && !known.includes(one))
  if (!isMissing) write(world, node, false)
}

/** A replica is down while the others go on, and the source lets go of what only that one lacks. */
export function leaveBehind(world: World, node: Node, how: number): void {
  const source = sourceOf(world)
  if (source === undefined || source === node || !source.server.writable) return
  kill(node.server)
  times(how % 4, () => write(world, source, true) !== undefined)
  for (const one of world.nodes) flow(world, one)
  purge(world, source, 1)
}
