import type { Deadline } from '../lib/system/deadline.ts'
import { clusterTool } from './cluster-tool.ts'

/** A transient attribute of one node, kept by the attribute daemon alone or in the CIB's status section as well. */
export interface NodeAttribute {
  readonly name: string
  readonly node: string
  readonly value: string
  readonly home: 'private' | 'cib'
}

/** The values of a node attribute by node name. Nodes on which it is not set, or deleted, are absent. */
export async function readNodeAttribute(name: string, deadline: Deadline): Promise<ReadonlyMap<string, string>> {
  const args = ['--query', '--all', '--name', name]
  const lines = await clusterTool(`reading the node attribute ${name}`, 'attrd_updater', args, deadline)
  return parseNodeAttribute(lines ?? '')
}

/** The lines `name="…" host="…" value="…"` of attrd_updater, which escapes nothing and says "" for a deleted value. */
export function parseNodeAttribute(lines: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const line of lines.split('\n')) {
    const [, host, value] = /^name="[^"]*" host="([^"]*)" value="(.*)"$/.exec(line.trim()) ?? []
    if (host && value) values.set(host, value)
  }
  return values
}

/** Set a transient attribute of a node. */
export async function writeNodeAttribute(attribute: NodeAttribute, deadline: Deadline): Promise<void> {
  const { name, node, value, home } = attribute
  const args = ['--name', name, '--node', node, `--update=${value}`, ...(home === 'private' ? ['--private'] : [])]
  await clusterTool(`setting ${name} of ${node}`, 'attrd_updater', args, deadline)
}

/** Delete a transient attribute of a node. Deleting what is not there succeeds. */
export async function deleteNodeAttribute(name: string, node: string, deadline: Deadline): Promise<void> {
  await clusterTool(
    `deleting ${name} of ${node}`,
    'attrd_updater',
    ['--name', name, '--node', node, '--delete'],
    deadline,
  )
}

/** Set a permanent attribute of a node; it outlives restarts of the node and of the cluster. */
export async function writePermanentAttribute(
  { name, node, value }: Omit<NodeAttribute, 'home'>,
  deadline: Deadline,
): Promise<void> {
  const args = ['--lifetime', 'forever', '--node', node, '--name', name, `--update=${value}`]
  await clusterTool(`setting ${name} of ${node}`, 'crm_attribute', args, deadline)
}

/** Delete a permanent attribute of a node. Deleting what is not there succeeds. */
export async function deletePermanentAttribute(name: string, node: string, deadline: Deadline): Promise<void> {
  const args = ['--lifetime', 'forever', '--node', node, '--name', name, '--delete']
  await clusterTool(`deleting ${name} of ${node}`, 'crm_attribute', args, deadline)
}
