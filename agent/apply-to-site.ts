import { amendCib } from '../cib/amendment.ts'
import { ATTRIBUTES } from '../cib/attributes.ts'
import { parseMemory } from '../cib/memory.ts'
import { readPartition } from '../cib/partition.ts'
import { formatSourceRecord, type SourceRecord } from '../cib/source-record.ts'
import { isGranted } from '../cib/ticket.ts'
import { contains } from '../lib/mysql/gtid-set.ts'
import { readExecuted } from '../lib/mysql/read-server.ts'
import { listReplicaHosts } from '../lib/mysql/sessions.ts'
import { Failure } from '../lib/system/failure.ts'
import { askInstance } from './observe-source.ts'
import type { SiteStep } from './plan.ts'
import type { Session } from './session.ts'

/** Perform a step that only a cluster with another site has. */
export function applyToSite(step: SiteStep, session: Session): Promise<void> {
  return step.do === 'publish-away' ? writeAwayRecord(step.record, session) : awaitFollowers(session)
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

/** How long a source that stops taking writes waits until its replicas have them all, those of the other site among them. */
const FOLLOWERS_MS = 10_000
/** One that cannot be asked, as behind a router that translates addresses, is not waited for. */
const ASK_MS = 2000

/**
 * Wait until every replica that is connected has executed all that is here. Each is asked at the address from which it is
 * connected: what the server says of its sending threads is not to be relied on, since MariaDB says that all was sent while
 * it still sends.
 */
async function awaitFollowers(session: Session): Promise<void> {
  const { deadline, log, node } = session
  const { connection, flavour } = await session.talk()
  const executed = await readExecuted(connection, flavour, deadline)
  let awaited = await listReplicaHosts(connection, deadline)
  const ask = async (host: string) => {
    const view = await askInstance(session, host, ASK_MS)
    if (!view.answers)
      log.warning(`whether the replica at ${host} has all that was written here is not known: ${view.because}`)
    return view.answers && !contains(view.executed, executed) ? [host] : []
  }
  const bound = deadline.within(Math.min(FOLLOWERS_MS, deadline.remainingMs / 3))
  const isDone = await bound.poll(100, async () => {
    awaited = (await Promise.all(awaited.map(ask))).flat()
    return awaited.length === 0 || undefined
  })
  if (!isDone) log.warning(`the replicas at ${awaited.join(', ')} have not executed all that was written on ${node}`)
}
