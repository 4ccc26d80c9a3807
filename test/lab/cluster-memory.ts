import { type ClusterMemory, parseMemory } from '../../cib/memory.ts'
import { runOn } from './damage.ts'
import { RESOURCE } from './heir-cluster.ts'
import type { Lab } from './lab.ts'

/** What the cluster remembers of the resource; as the first node of the lab knows it, which has to be up. */
export async function clusterMemory(lab: Lab): Promise<ClusterMemory> {
  const cib = await runOn(lab, lab.nodes[0] ?? '', ['cibadmin', '--query', '--scope', 'configuration'])
  return parseMemory(RESOURCE, cib)
}
