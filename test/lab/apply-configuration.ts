import type { Engine } from './engines.ts'
/** The language of a cluster configuration: crmsh's configure level, or a shell script of pcs commands. */
export type ConfigurationFormat = 'crm' | 'pcs'

/** What administrators of that distribution's clusters write: crmsh on Debian 12, pcs on the others. */
export const usualFormat = ({ suite }: Engine): ConfigurationFormat => (suite === 'bookworm' ? 'crm' : 'pcs')

/** crmsh reads a file, and no socket under the name of one. */
const LOAD = 'cat >/run/configuration.crm; crm -F configure load update /run/configuration.crm'

/** What reads a configuration on standard input and makes the cluster have it. */
export const APPLY: Record<ConfigurationFormat, readonly string[]> = {
  crm: ['sh', '-ec', LOAD],
  pcs: ['sh', '-e'],
}

/** The power switch as the cluster's fencing device. It tells itself which machines it has. */
export const FENCING = `
property stonith-enabled=true
primitive fencing stonith:fence_lab op monitor interval=60s
`
