import { parseMemory } from '../../cib/memory.ts'
import { runOn } from './damage.ts'
import { RESOURCE } from './heir-cluster.ts'
import type { Lab } from './lab.ts'

/** The nodes whose data the cluster keeps apart, each with the reason; as the first node of the lab knows it, which has to be up. */
export async function quarantines(lab: Lab): Promise<ReadonlyMap<string, string>> {
  const cib = await runOn(lab, lab.nodes[0] ?? '', ['cibadmin', '--query', '--scope', 'configuration'])
  return parseMemory(RESOURCE, cib).quarantines
}
