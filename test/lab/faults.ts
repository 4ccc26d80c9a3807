import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import type { Lab } from './lab.ts'

/** Something that happens to the source of a running cluster. */
export interface Fault {
  readonly name: string
  readonly label: string
  readonly happen: (lab: Lab, source: string) => Promise<void>
}

export const FAULTS = {
  kill: {
    name: "kill -9 of the primary's server",
    label: 'kill -9',
    happen: async (lab, source) => {
      await run(lab, source, ['sh', '-c', 'kill -9 "$(cat /run/mysqld/mysqld.pid)"'])
    },
  },
  off: {
    name: 'power off of the primary',
    label: 'power off',
    happen: (lab, source) => lab.off(source),
  },
  switchover: {
    name: 'hand-over by plan',
    label: 'switchover',
    happen: async (lab, source) => {
      const target = lab.nodes.find(node => node !== source) ?? source
      await run(lab, target, ['heir', 'switchover', '--to', target])
    },
  },
} as const satisfies Record<string, Fault>

async function run(lab: Lab, node: string, argv: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await lab.exec(node, argv, { deadline: Deadline.in(90_000) })
  if (exitCode !== 0) throw new Failure('rejected', `${node}: ${argv.join(' ')}: ${stderr}`)
}
