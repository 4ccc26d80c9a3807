import type { SourceRecord } from '../cib/source-record.ts'
import { awaitExecuted } from '../lib/mysql/applier-progress.ts'
import { drainRelayLog } from '../lib/mysql/drain-relay-log.ts'
import { follow } from '../lib/mysql/follow.ts'
import { readServer } from '../lib/mysql/read-server.ts'
import { forgetSource, stopReceiver } from '../lib/mysql/replication.ts'
import { armReplica, armSource, disarmReplica, disarmSource } from '../lib/mysql/semi-sync.ts'
import type { Coordinates } from '../lib/mysql/server-facts.ts'
import { closeWrites, cutClients, openWrites } from '../lib/mysql/write-gate.ts'
import type { Deadline } from '../lib/system/deadline.ts'
import { Failure } from '../lib/system/failure.ts'
import type { Holder } from './election.ts'
import { replicationTls } from './observe-source.ts'
import type { ServerStep } from './plan.ts'
import { pointsAt } from './rejoin.ts'
import type { Session } from './session.ts'
import type { Situation } from './situation.ts'

/** How long a candidate may take to fetch what a peer holds and it lacks. */
const CATCH_UP_MS = 30_000

/** Perform a step over the connection to mysqld. */
export async function applyToServer(step: ServerStep, situation: Situation, session: Session): Promise<void> {
  const { deadline } = session
  const { connection, flavour } = await session.talk()
  switch (step.do) {
    case 'close-writes':
      return closeForAll(session, deadline.within(deadline.remainingMs * (step.share ?? 1)))
    case 'open-writes':
      return openWrites(connection, flavour, deadline)
    case 'stop-receiver':
      return stopReceiver(connection, flavour, deadline)
    case 'drain-relay-log':
      return drainRelayLog(connection, flavour, deadline)
    case 'catch-up-from':
      return catchUpFrom(step.peer, session)
    case 'forget-source':
      return forgetSource(connection, flavour, deadline)
    case 'follow':
      return followSource(step.source, situation, session)
    case 'arm-source':
      return armSource(connection, flavour, step.acks, deadline)
    case 'disarm-source':
      return disarm(session)
    case 'arm-replica':
      return armReplica(connection, flavour, deadline)
    case 'disarm-replica':
      return disarmReplica(connection, flavour, deadline)
  }
}

async function closeForAll(session: Session, deadline: Deadline): Promise<void> {
  const { connection, flavour } = await session.talk()
  await closeWrites(connection, flavour, deadline)
  await cutClients(connection, deadline)
}

/** How long commits that got past the gate may take to be acknowledged. */
const LAST_ACKS_MS = 5000

/** Turning the waiting off answers OK to every commit that still waits: only when there is none. */
async function disarm(session: Session): Promise<void> {
  const { connection, flavour } = await session.talk()
  const deadline = session.deadline.within(LAST_ACKS_MS)
  const settled = await deadline.poll(50, async () => {
    const { semiSync } = await readServer(connection, flavour, session.deadline)
    return semiSync === undefined || !semiSync.sourceEnabled || semiSync.waitingSessions === 0 || undefined
  })
  if (!settled)
    throw new Failure('timed-out', `commits on ${session.node} wait for an acknowledgement that does not come`)
  await disarmSource(connection, flavour, session.deadline)
}

async function followSource(record: SourceRecord, { byGtid, instance }: Situation, session: Session): Promise<void> {
  const { host, port, binaryLog } = record
  const replication = 'facts' in instance ? instance.facts.replication : undefined
  // Without GTIDs a replica that follows this source already goes on where it is, not where the source began.
  const start = pointsAt(replication, record) ? (replication?.appliedTo ?? binaryLog) : binaryLog
  await followFrom({ host, port, from: byGtid ? 'gtid' : start }, session)
}

/** Follow a peer that holds more until this instance holds it too. The peer is read-only, so its history stands still. */
async function catchUpFrom({ node, held }: Holder, session: Session): Promise<void> {
  if (held.by !== 'gtid') throw new Failure('rejected', `${node} cannot be followed for a while without GTIDs`)
  const deadline = session.deadline.within(CATCH_UP_MS)
  await followFrom({ host: node, port: session.parameters.replication_port, from: 'gtid' }, session)
  const { connection, flavour } = await session.talk()
  const caughtUp = await awaitExecuted(connection, flavour, held.set, deadline)
  if (!caughtUp) throw new Failure('timed-out', `${session.node} could not fetch in time what ${node} holds`)
}

async function followFrom(
  source: { readonly host: string; readonly port: number; readonly from: 'gtid' | Coordinates },
  session: Session,
): Promise<void> {
  const account = await session.replicationAccount()
  const { connection, flavour } = await session.talk()
  await follow(connection, flavour, { ...source, account, tls: replicationTls(session.parameters) }, session.deadline)
}
