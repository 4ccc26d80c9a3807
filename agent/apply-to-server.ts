import type { SourceRecord } from '../cib/source-record.ts'
import { awaitExecuted } from '../lib/mysql/applier-progress.ts'
import { drainRelayLog } from '../lib/mysql/drain-relay-log.ts'
import { startEvents } from '../lib/mysql/event-scheduler.ts'
import { follow, type Source } from '../lib/mysql/follow.ts'
import { contains, type GtidSet, union } from '../lib/mysql/gtid-set.ts'
import { readExecuted, readServer } from '../lib/mysql/read-server.ts'
import { forgetSource, releaseApplier, restartReceiver, stopReceiver } from '../lib/mysql/replication.ts'
import { armReplica, armSource, disarmReplica, disarmSource, renewAcks } from '../lib/mysql/semi-sync.ts'
import { closeWrites, cutClients, openWrites } from '../lib/mysql/write-gate.ts'
import type { Deadline } from '../lib/system/deadline.ts'
import { Failure } from '../lib/system/failure.ts'
import { pointsAt } from './channel.ts'
import { settleCommits } from './commits.ts'
import type { Holder } from './holder.ts'
import { askInstance, replicationTls } from './observe-source.ts'
import type { ServerStep } from './plan.ts'
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
      return open(session)
    case 'stop-receiver':
      return stopReceiver(connection, flavour, deadline)
    case 'release-applier':
      return release(session)
    case 'drain-relay-log':
      return drainRelayLog(connection, flavour, deadline)
    case 'catch-up-from':
      return catchUpFrom(step.peer, situation, session)
    case 'forget-source':
      return forgetSource(connection, flavour, deadline)
    case 'follow':
      return followSource(step.source, situation, session)
    case 'follow-replica':
      return followFrom({ host: step.node, port: session.parameters.replication_port, from: 'gtid' }, session)
    case 'restart-receiver':
      return restartReceiver(connection, flavour, deadline)
    case 'await-transactions':
      return awaitTransactions(step.set, session)
    case 'await-replica':
      return awaitReplica(step.nodes, session)
    default:
      return applyToSemiSync(step, session)
  }
}

type SemiSyncStep = Extract<ServerStep, { do: `${string}arm-${string}` | 'relax-source' | 'renew-acks' }>

async function applyToSemiSync(step: SemiSyncStep, session: Session): Promise<void> {
  const { deadline } = session
  const { connection, flavour } = await session.talk()
  switch (step.do) {
    case 'arm-source':
      return armSource(connection, flavour, step.acks, deadline)
    case 'disarm-source':
      return disarm(session)
    case 'relax-source':
      return disarmSource(connection, flavour, deadline)
    case 'renew-acks':
      return renew(session)
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

/** A source that hangs can hold up its replica's receiver; a shutdown ends that as well, if later. */
const RELEASE_MS = 5000

/** With its receiver stopped, the applier is not left waiting for the other half of a transaction. */
async function release(session: Session): Promise<void> {
  const { connection, flavour } = await session.talk()
  const deadline = session.deadline.within(RELEASE_MS)
  await stopReceiver(connection, flavour, deadline)
  await releaseApplier(connection, flavour, deadline)
}

/** Open is open: an event scheduler that does not start is no reason to fail a promotion. */
async function open(session: Session): Promise<void> {
  const { connection, flavour } = await session.talk()
  await openWrites(connection, flavour, session.deadline)
  try {
    await startEvents(connection, flavour, session.deadline)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    session.log.warning(`the event scheduler has not been started: ${error.message}`)
  }
}

/** Turning the waiting off answers OK to every commit that still waits: only when there is none. */
async function disarm(session: Session): Promise<void> {
  await settleCommits(session)
  const { connection, flavour } = await session.talk()
  await disarmSource(connection, flavour, session.deadline)
}

/** An acknowledgement that does come, comes within this. */
const RENEWAL_MS = 6000

/** It waits like any other commit; given up, it goes on waiting in the server, and releases the others when it is acknowledged. */
async function renew(session: Session): Promise<void> {
  const { connection } = await session.talk()
  await renewAcks(connection, session.deadline.within(RENEWAL_MS))
}

/** How long a replica that becomes an acker may take to get in step; its next monitor tries again. */
const IN_STEP_MS = 3000

/** Received is enough: what it acknowledges is no more than that either. */
async function awaitTransactions(set: GtidSet, session: Session): Promise<void> {
  const { connection, flavour } = await session.talk()
  const isHeld = await session.deadline.within(IN_STEP_MS).poll(50, async () => {
    const { executed, replication } = await readServer(connection, flavour, session.deadline)
    return contains(replication ? union(executed, replication.received) : executed, set) || undefined
  })
  if (!isHeld) throw new Failure('timed-out', `${session.node} is not in step with its source yet`)
}

/** How long a source that stops taking writes waits for a replica to have them all. */
const LAST_WRITES_MS = 5000

/** A replica that lacks some can still fetch them from here while this server runs: no reason to fail. */
async function awaitReplica(nodes: readonly string[], session: Session): Promise<void> {
  const { connection, flavour } = await session.talk()
  const executed = await readExecuted(connection, flavour, session.deadline)
  const deadline = session.deadline.within(Math.min(LAST_WRITES_MS, session.deadline.remainingMs / 3))
  const isThere = await deadline.poll(20, async () => {
    const views = await Promise.all(nodes.map(node => askInstance(session, node)))
    return views.some(view => view.answers && contains(view.executed, executed)) || undefined
  })
  if (!isThere) session.log.warning(`none of ${nodes.join(', ')} has executed all that was written on ${session.node}`)
}

async function followSource(
  record: SourceRecord,
  { byGtid, instance, pair, source }: Situation,
  session: Session,
): Promise<void> {
  const { host, port, binaryLog } = record
  const replication = 'facts' in instance ? instance.facts.replication : undefined
  // Without GTIDs a replica that follows this source already goes on where it is, not where the source began.
  const start = pointsAt(replication, record) ? (replication?.appliedTo ?? binaryLog) : binaryLog
  const limit = pair !== undefined && source?.answers ? { executed: source.executed } : {}
  await followFrom({ host, port, from: byGtid ? 'gtid' : start, ...limit }, session)
}

/** Follow a peer that holds more until this instance holds it too. The peer is read-only, so its history stands still. */
async function catchUpFrom({ node, held }: Holder, { pair }: Situation, session: Session): Promise<void> {
  if (held.by !== 'gtid') throw new Failure('rejected', `${node} cannot be followed for a while without GTIDs`)
  const deadline = session.deadline.within(CATCH_UP_MS)
  const limit = pair === undefined ? {} : { executed: held.set }
  await followFrom({ host: node, port: session.parameters.replication_port, from: 'gtid', ...limit }, session)
  const { connection, flavour } = await session.talk()
  const caughtUp = await awaitExecuted(connection, flavour, held.set, deadline)
  if (!caughtUp) throw new Failure('timed-out', `${session.node} could not fetch in time what ${node} holds`)
}

async function followFrom(source: Omit<Source, 'account' | 'tls'>, session: Session): Promise<void> {
  const account = await session.replicationAccount()
  const { connection, flavour } = await session.talk()
  await follow(connection, flavour, { ...source, account, tls: replicationTls(session.parameters) }, session.deadline)
}
