import { Failure } from '../../lib/system/failure.ts'
import type { Lab } from './lab.ts'

/** Give the kernel of every node with a server these settings, as a file of /etc/sysctl.d would when it boots. */
export async function setKernels(lab: Lab, input: string): Promise<void> {
  for (const node of lab.nodes) {
    const { exitCode, stderr } = await lab.exec(node, ['sysctl', '--quiet', '--load=-'], { input })
    if (exitCode !== 0) throw new Failure('rejected', `${node}: sysctl: ${stderr}`)
  }
}
