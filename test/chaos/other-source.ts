import type { Deadline } from '../../lib/system/deadline.ts'
import { RESOURCE } from '../lab/heir-cluster.ts'
import type { Lab } from '../lab/lab.ts'

/** Wait until another node than this one is the source; answers which. */
export async function otherSource(lab: Lab, before: string, deadline: Deadline): Promise<string> {
  const probe = async () => (await lab.roles(RESOURCE)).promoted.find(node => node !== before)
  return await lab.waitFor(`another source than ${before}`, probe, deadline)
}
