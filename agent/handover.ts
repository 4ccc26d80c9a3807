import { isComplete } from './acknowledging.ts'
import type { Step } from './plan.ts'
import type { Situation } from './situation.ts'

/**
 * Leave behind with what the last source ends, for whoever comes next: with it, neither this server nor its ackers have to
 * answer. One that was promoted in another boot may have lost the end with its power, and proves nothing by what it has now;
 * nor does one in quarantine.
 */
export function handOver({ node, boot, memory }: Situation): readonly Step[] {
  const { record, handover, quarantines } = memory
  if (record?.node !== node || handover?.epoch === record.epoch || quarantines.has(node)) return []
  if (!isComplete({ boot, memory }, record)) return []
  return [{ do: 'publish-handover', epoch: record.epoch }]
}
