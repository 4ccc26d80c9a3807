import type { SourceRecord } from '../cib/source-record.ts'
import type { Replication } from '../lib/mysql/server-facts.ts'

/** Whether the instance's channel points at the recorded source, running or not. */
export function pointsAt(replication: Replication | undefined, record: SourceRecord): boolean {
  return replication?.sourceHost === record.host && replication.sourcePort === record.port
}

/** After a restart of the server a relay log may wait that nobody knows the content of, until the applier has gone through it. */
export const needsDrain = (replication: Replication | undefined): boolean =>
  replication !== undefined && !replication.applierRunning && replication.applierError === undefined
