import type { Deadline } from '../lib/system/deadline.ts'
import { Failure } from '../lib/system/failure.ts'
import { PROPERTY_SET } from './attributes.ts'
import { clusterTool } from './cluster-tool.ts'

/** The value of a cluster property; undefined when it is not set. */
export async function readProperty(name: string, deadline: Deadline): Promise<string | undefined> {
  const args = ['--type', 'crm_config', '--name', name, '--query', '--quiet']
  return clusterTool(`reading the cluster property ${name}`, 'crm_attribute', args, deadline)
}

/** Write a cluster property and read it back: it counts only once the CIB answers with it. */
export async function writeProperty(name: string, value: string, deadline: Deadline): Promise<void> {
  const args = ['--type', 'crm_config', '--set-name', PROPERTY_SET, '--name', name, `--update=${value}`]
  await clusterTool(`writing the cluster property ${name}`, 'crm_attribute', args, deadline)
  const written = await readProperty(name, deadline)
  if (written === value) return
  throw new Failure('rejected', `cluster property ${name} reads "${written ?? ''}" after writing "${value}"`)
}

/** Whether this node's partition has quorum. */
export async function isQuorate(deadline: Deadline): Promise<boolean> {
  return (await clusterTool('asking for quorum', 'crm_node', ['--quorum'], deadline)) === '1'
}

/** This node's name in the cluster. */
export async function localNodeName(deadline: Deadline): Promise<string> {
  const name = await clusterTool("asking for this node's name", 'crm_node', ['--name'], deadline)
  if (name) return name
  throw new Failure('rejected', 'the cluster does not know this node by a name: is Pacemaker running here?')
}
