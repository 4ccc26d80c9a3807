import { isConnected } from './flow.ts'
import { held } from './server.ts'
import { lists } from './transaction.ts'
import type { Node, World } from './world.ts'

/** A server lets go of old binary logs, up to what a replica reads at this moment; `share` of what it has committed. */
export function purge(world: World, node: Node, share: number): void {
  const { server } = node
  const readers = world.nodes.filter(one => one.server.stream?.to === node.name && isConnected(world, one))
  const needed = readers.map(reader => server.log.findIndex(one => !lists(held(reader.server), one)))
  const limit = Math.min(server.committed, ...needed.filter(index => index !== -1))
  server.purged = Math.max(server.purged, Math.floor(limit * share))
}
