import type { Deadline } from '../lib/system/deadline.ts'
import { Failure } from '../lib/system/failure.ts'
import { clusterTool } from './cluster-tool.ts'

/** The nodes of this node's partition. */
export async function readMembers(deadline: Deadline): Promise<readonly string[]> {
  const names = await clusterTool('asking who is in the partition', 'crm_node', ['--partition'], deadline)
  return (names ?? '').split(' ').filter(name => name !== '')
}

/** A controller answers within milliseconds; one that hangs is soon no member any more. */
const ANSWER_MS = 3000

/**
 * Wait until each of these nodes, members of the partition before the write, has received what was written into the CIB.
 *
 * A write returns when this node has it: cut off in that very moment, nobody else may ever get it. Corosync delivers
 * messages to all members in one order, so whoever answers a message that was sent later has received the earlier one.
 * Throws Failure `timed-out` where one does not answer in time.
 */
export async function confirmReceipt(nodes: readonly string[], deadline: Deadline): Promise<void> {
  await Promise.all(nodes.map(node => expectAnswer(node, deadline.within(ANSWER_MS))))
}

async function expectAnswer(member: string, deadline: Deadline): Promise<void> {
  const answer = await clusterTool(`asking ${member} for an answer`, 'crmadmin', ['--status', member], deadline)
  if (!answer?.includes(' in state ')) throw new Failure('rejected', `the controller of ${member} does not answer`)
}
