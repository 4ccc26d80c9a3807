import { readClusterView } from '../cib/cluster-view.ts'
import { ackersOf } from './durability.ts'
import { readMemory } from './observe-memory.ts'
import { askInstances } from './observe-source.ts'
import type { Session } from './session.ts'
import type { Situation } from './situation.ts'

/** An acker that Pacemaker does not know to run is expected to be dead: commits may wait for what comes of this look. */
const LIFE_SIGN_MS = 500

/** Look at who is there, and what the ackers hold. */
export async function lookAtCommits(noticed: Situation, session: Session): Promise<Situation> {
  const { resource } = session.invocation
  const memory = await readMemory(session) // first: a registration from before its node was seen dead
  const cluster = await readClusterView(resource, session.deadline)
  const nodes = memory.record ? ackersOf(memory.record, memory) : []
  const patience = (node: string) => (cluster.active.includes(node) ? undefined : LIFE_SIGN_MS)
  return { ...noticed, memory, cluster, ackers: await askInstances(session, nodes, patience) }
}
