import { RESOURCE } from './heir-cluster.ts'
import type { Lab } from './lab.ts'

const READER = new RegExp(`^${RESOURCE}-reader-\\d+$`)

/** The nodes that have the addresses for readers, in order; a node with two of them twice. Those that are nowhere are left out. */
export async function readerPlaces(lab: Lab): Promise<readonly string[]> {
  const status = await lab.cluster()
  const started = (status?.resources ?? []).filter(({ id, role }) => READER.test(id) && role === 'Started')
  return started.flatMap(({ node }) => node ?? []).toSorted()
}
