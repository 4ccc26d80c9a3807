import { amendCib } from '../cib/amendment.ts'
import { ATTRIBUTES } from '../cib/attributes.ts'
import { parseMemory } from '../cib/memory.ts'
import { readPartition } from '../cib/partition.ts'
import { formatSourceRecord, type SourceRecord } from '../cib/source-record.ts'
import { isGranted } from '../cib/ticket.ts'
import { feedsReplicas } from '../lib/mysql/sessions.ts'
import { Failure } from '../lib/system/failure.ts'
import type { SiteStep } from './plan.ts'
import type { Session } from './session.ts'

/** Perform a step that only a cluster with another site has. */
export function applyToSite(step: SiteStep, session: Session): Promise<void> {
  return step.do === 'publish-away' ? writeAwayRecord(step.record, session) : awaitFeeds(session)
}

/**
 * Write into the cluster that the source is at the other site. Throws Failure `rejected` where that has changed meanwhile: the
 * ticket has come, or somebody else has written a source.
 */
async function writeAwayRecord(record: SourceRecord, session: Session): Promise<void> {
  const { invocation, parameters, deadline, node } = session
  const basis = await readPartition(deadline)
  const known = parseMemory(invocation.resource, basis.cib).record
  if (known !== undefined && known.epoch >= record.epoch) {
    throw new Failure('rejected', `the cluster names ${known.node} as its source meanwhile, in epoch ${known.epoch}`)
  }
  if (parameters.site_ticket !== undefined && isGranted(parameters.site_ticket, basis.cib)) {
    throw new Failure('rejected', `the ticket ${parameters.site_ticket} has come meanwhile`)
  }
  const name = ATTRIBUTES.sourceRecord(invocation.resource)
  await amendCib([{ name, value: formatSourceRecord(record) }], basis, node, deadline)
}

/** How long a source that stops taking writes waits until all are on their way. */
const FEEDS_MS = 10_000

/** Wait until every replica that is connected has been sent all that is here, those of the other site among them. */
async function awaitFeeds(session: Session): Promise<void> {
  const { connection } = await session.talk()
  const deadline = session.deadline.within(Math.min(FEEDS_MS, session.deadline.remainingMs / 3))
  const isSent = await deadline.poll(50, async () => !(await feedsReplicas(connection, session.deadline)) || undefined)
  if (!isSent) session.log.warning(`not every replica has been sent all that was written on ${session.node}`)
}
