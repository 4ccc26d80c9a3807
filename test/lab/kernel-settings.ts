import { Failure } from '../../lib/system/failure.ts'
import type { Lab } from './lab.ts'

const LOAD = 'cat >/etc/sysctl.d/90-heir.conf; sysctl --quiet --load=/etc/sysctl.d/90-heir.conf'

/** Give the kernel of every node with a server these settings, now and whenever it boots. */
export async function setKernels(lab: Lab, input: string): Promise<void> {
  for (const node of lab.nodes) {
    const { exitCode, stderr } = await lab.exec(node, ['sh', '-ec', LOAD], { input })
    if (exitCode !== 0) throw new Failure('rejected', `${node}: sysctl: ${stderr}`)
  }
}
