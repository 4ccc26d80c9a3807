import { RESOURCE } from '../lab/heir-cluster.ts'
import { heldRows } from '../lab/held-rows.ts'
import type { Lab } from '../lab/lab.ts'

/** The promoted node, when the writers' address is up beside it; for clusters whose replicas may never follow. */
export async function hasWriter(lab: Lab): Promise<string | undefined> {
  const { promoted } = await lab.roles(RESOURCE)
  const status = await lab.cluster()
  const address = status?.resources.find(({ id }) => id === `${RESOURCE}-writer`)
  return address?.role === 'Started' ? promoted.find(node => node === address.node) : undefined
}

/** The nodes that hold other rows than this one, or cannot be asked. */
export async function differing(lab: Lab, node: string): Promise<string[]> {
  const rows = async (which: string) => (await heldRows(lab, [which]).catch(() => undefined))?.get(which)
  const expected = await rows(node)
  if (expected === undefined) return [...lab.nodes]
  const verdicts = await Promise.all(
    lab.nodes.map(async other => {
      const held = other === node ? expected : await rows(other)
      return held !== undefined && held.symmetricDifference(expected).size === 0 ? [] : [other]
    }),
  )
  return verdicts.flat()
}
