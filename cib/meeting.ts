import type { Deadline } from '../lib/system/deadline.ts'
import { ATTRIBUTES } from './attributes.ts'
import { readNodeAttribute, writeNodeAttribute } from './node-attribute.ts'
import { type Partition, readPartition } from './partition.ts'

// Of three nodes any two majorities have a node in common. Of two, one alone may decide when the other has been fenced; but
// one that has just started, and lost the other before they joined, has the CIB of its last day. What the attribute daemon
// keeps is gone when Pacemaker stops on its node, and stays while the node is alone.

/** Remember that this node has met the other one of a cluster of two, if it has. */
export async function noteMeeting(resource: string, node: string, deadline: Deadline): Promise<void> {
  const partition = await readPartition(deadline)
  if (partition.nodes.length !== 2 || absentFrom(partition) !== undefined) return
  await writeNodeAttribute({ name: ATTRIBUTES.met(resource), node, value: 'yes', home: 'private' }, deadline)
}

/** The other node of a cluster of two, if it is absent and was not met since Pacemaker started here; undefined else. */
export async function readUnmet(
  resource: string,
  node: string,
  partition: Partition,
  deadline: Deadline,
): Promise<string | undefined> {
  const other = partition.nodes.length === 2 ? absentFrom(partition) : undefined
  if (other === undefined) return undefined
  return (await readNodeAttribute(ATTRIBUTES.met(resource), deadline)).has(node) ? undefined : other
}

const absentFrom = ({ nodes, members }: Partition) => nodes.find(node => !members.includes(node))
