import type { SourceRecord } from '../cib/source-record.ts'
import type { Replication } from '../lib/mysql/server-facts.ts'

/** Whether the instance's channel points at the recorded source, running or not. */
export function pointsAt(replication: Replication | undefined, record: SourceRecord): boolean {
  return replication?.sourceHost === record.host && replication.sourcePort === record.port
}
