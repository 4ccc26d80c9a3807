import { formatAcceptedLoss } from '../../cib/accepted-loss.ts'
import { ATTRIBUTES } from '../../cib/attributes.ts'
import { readCib } from '../../cib/cib-text.ts'
import { writeProperty } from '../../cib/cluster.ts'
import { parsePairMemory, reignOf } from '../../cib/reign.ts'
import type { Session } from '../session.ts'

/**
 * Say in the cluster that the other one of two primaries goes on without what this node wrote and that one has not executed:
 * it may have received some of it, and would wait for the rest. Nothing where there is a single primary, or nothing was written.
 */
export async function forgoOwn({ invocation, parameters, node, deadline }: Session, other: string): Promise<void> {
  if (parameters.topology === 'single-primary') return
  const { resource } = invocation
  const { record } = parsePairMemory(resource, node, await readCib(deadline)).own
  if (record === undefined) return
  const word = formatAcceptedLoss({ epoch: record.epoch, node: other })
  await writeProperty(ATTRIBUTES.acceptedLoss(reignOf(resource, node)), word, deadline)
}
