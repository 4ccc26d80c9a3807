import { onTestFailed } from 'vitest'
import type { Lab } from './lab.ts'

/** Print what the agent said on every node, when the test fails: the cluster is gone by the time anybody looks. */
export function explainFailures(lab: Lab): void {
  onTestFailed(async () => {
    for (const node of lab.nodes) {
      const search = [
        'grep',
        '-hE',
        ' heir\\(|Result of (promote|demote|start|stop)',
        '/var/log/pacemaker/pacemaker.log',
      ]
      const said = await lab.exec(node, search).catch((error: unknown) => ({ stdout: String(error) }))
      console.error(`${node}:\n${said.stdout.split('\n').slice(-60).join('\n')}`)
    }
  })
}
