import type { Situation } from './situation.ts'

/**
 * Whether a heartbeat may be written here: on the source that the cluster knows and nowhere else, where it would be this node's
 * own. Its commit waits like any other, so none is tried where commits wait already, or would.
 */
export function mayWriteHeartbeat({
  instance,
  memory,
  node,
}: Pick<Situation, 'instance' | 'memory' | 'node'>): boolean {
  if (instance.state !== 'promoted' || memory.record?.node !== node) return false
  const { semiSync } = instance.facts
  const wouldWait = semiSync?.sourceEnabled === true && semiSync.ackers < semiSync.acks
  return !wouldWait && (semiSync?.waitingSessions ?? 0) === 0
}
