import { connect } from '../../lib/mysql/connection.ts'
import { detectFlavour } from '../../lib/mysql/flavour.ts'
import { contains, type GtidSet } from '../../lib/mysql/gtid-set.ts'
import { readExecuted, readServer, readWritten } from '../../lib/mysql/read-server.ts'
import { findServer } from '../../lib/mysql/server-process.ts'
import type { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { replicationTls } from '../observe-source.ts'
import type { Session } from '../session.ts'
import type { PromotionReport } from './promotion.ts'
import type { SeedVoice } from './seed-voice.ts'

/** As long as a stop of the server may take. */
const STOP_MS = 180_000
/** As long as a donor may take to execute what the source had written a moment ago. */
const AHEAD_MS = 600_000
/** An acknowledgement that this node had given is with the source by then, and a commit that it was for is done. */
const SETTLED_MS = 30_000
/** As long as Pacemaker and the server may take until replication runs and has nothing left to do. */
const REPLICA_MS = 600_000
const ASK_MS = 5000
const PAUSE_MS = 500

/** Until Pacemaker has stopped the server here. */
export async function awaitStop({ parameters, node, deadline }: Session): Promise<void> {
  const { pid, datadir } = parameters
  const stopped = await deadline.within(STOP_MS).poll(PAUSE_MS, async () => {
    return (await findServer({ pidFile: pid, dataDirectory: datadir })) === undefined || undefined
  })
  if (!stopped)
    throw new Failure('timed-out', `the server of ${node} has not been stopped: is the cluster in maintenance mode?`)
}

/**
 * Until the donor has executed what the source had written after this node's server stopped. What this node ever acknowledged
 * is among that: once it has the donor's data it may go on being counted as one that has it.
 */
export async function awaitDonorAhead(
  session: Session,
  { donor, source }: { readonly donor: string; readonly source: string },
  voice: SeedVoice,
): Promise<void> {
  const written = await executedBy(session, source, readWritten)
  const limit = session.deadline.within(donor === source ? SETTLED_MS : AHEAD_MS)
  const isAhead = async () => contains(await executedBy(session, donor, readExecuted), written) || undefined
  if (await isAhead()) return
  voice.say(`waiting until ${donor} has executed what ${source} has written`)
  const ahead = await limit.poll(PAUSE_MS, isAhead)
  // What still waits on the source itself waits for an acknowledgement that nobody, and so not this node, has given.
  if (ahead || donor === source) return
  throw new Failure('timed-out', `${donor} trails too far to be copied: take another one with --from`)
}

async function executedBy(
  session: Session,
  node: string,
  read: (...talk: Parameters<typeof readExecuted>) => Promise<GtidSet>,
): Promise<GtidSet> {
  const { parameters, deadline } = session
  const limit = deadline.within(ASK_MS)
  const target = { host: node, port: parameters.replication_port, tls: replicationTls(parameters) }
  const connection = await connect(target, await session.replicationAccount(), limit)
  try {
    return await read(connection, await detectFlavour(connection, limit), limit)
  } finally {
    connection.close()
  }
}

/** Until this node's server follows and trails no more. */
export async function awaitReplica(session: Session): Promise<PromotionReport> {
  const { node, deadline } = session
  const lag = await deadline.within(REPLICA_MS).poll(PAUSE_MS, () => lagHere(session, deadline))
  if (lag !== undefined) return { done: true, sentence: `${node} is a replica again` }
  return { done: false, sentence: `${node} has its data, and does not follow the source yet: see crm_mon` }
}

/** Seconds behind the source; undefined while it does not follow, or is further behind than a replica in step. */
async function lagHere(session: Session, deadline: Deadline): Promise<number | undefined> {
  try {
    const limit = deadline.within(ASK_MS)
    const { connection, flavour } = await session.talk(limit)
    const { replication } = await readServer(connection, flavour, limit)
    const isRunning = replication?.receiver === 'running' && replication.applierRunning
    return isRunning && (replication.lagSeconds ?? 1) <= 1 ? (replication.lagSeconds ?? 0) : undefined
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    session.hangUp()
    return undefined
  }
}
