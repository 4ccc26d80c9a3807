import { setTimeout as delay } from 'node:timers/promises'
import { stayingPromoted } from '../cib/notification.ts'
import type { SourceRecord } from '../cib/source-record.ts'
import { connect, type SourceTls } from '../lib/mysql/connection.ts'
import { detectFlavour } from '../lib/mysql/flavour.ts'
import { readPurged } from '../lib/mysql/purged.ts'
import { readExecuted, readIdentity, readWritten } from '../lib/mysql/read-server.ts'
import { Failure } from '../lib/system/failure.ts'
import type { Parameters } from './parameters.ts'
import type { Session } from './session.ts'
import type { InstanceView } from './situation.ts'

/** The source is on the same network; one that does not answer within this is asked again by the next monitor. */
const ASK_MS = 3000

/** Ask the recorded source what it has written, also what still waits for an acknowledgement. */
export function askSource(
  session: Session,
  { host, port }: Pick<SourceRecord, 'host' | 'port'>,
): Promise<InstanceView> {
  return ask(session, host, port, readWritten)
}

/** How long a start waits for a source that is promoted to answer: if it is dead, its successor waits for this start. */
const PATIENCE_MS = 10_000
const PAUSE_MS = 500

/**
 * The same for a server that is about to start. What a crashed source wrote last can be cut only before that, and only with the
 * new source's answer: worth waiting for while the cluster has that source promoted.
 */
export async function awaitSource(session: Session, record: SourceRecord): Promise<InstanceView> {
  const { notification } = session.invocation
  const isPromoted = notification !== undefined && stayingPromoted(notification).includes(record.node)
  const deadline = session.deadline.within(isPromoted ? PATIENCE_MS : 0)
  for (;;) {
    const view = await askSource(session, record)
    if (view.answers || deadline.expired) return view
    await delay(PAUSE_MS)
  }
}

/** Ask another instance of this resource what it has executed. */
export function askInstance(
  session: Session,
  host: string,
  withinMs = ASK_MS,
  port = session.parameters.replication_port,
): Promise<InstanceView> {
  return ask(session, host, port, readExecuted, withinMs)
}

/** Ask the instances on these nodes the same, each for so long at most as is said of it. */
export async function askInstances(
  session: Session,
  nodes: readonly string[],
  withinMs: (node: string) => number | undefined,
): Promise<ReadonlyMap<string, InstanceView>> {
  const asked = nodes.map(async node => [node, await askInstance(session, node, withinMs(node))] as const)
  return new Map(await Promise.all(asked))
}

/** Over the network, with the replication account. */
async function ask(
  session: Session,
  host: string,
  port: number,
  read: typeof readExecuted,
  withinMs = ASK_MS,
): Promise<InstanceView> {
  const deadline = session.deadline.within(withinMs)
  try {
    const account = await session.replicationAccount()
    const connection = await connect({ host, port, tls: replicationTls(session.parameters) }, account, deadline)
    try {
      const flavour = await detectFlavour(connection, deadline)
      const executed = await read(connection, flavour, deadline)
      const identity = await readIdentity(connection, flavour, deadline)
      return { answers: true, executed, ...identity, purged: await readPurged(connection, flavour, deadline) }
    } finally {
      connection.close()
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const silent = error.kind === 'unreachable' || error.kind === 'timed-out'
    return { answers: false, because: error.message, silent }
  }
}

/** How replicas of this resource connect to their source. */
export function replicationTls(parameters: Parameters): SourceTls {
  if (!parameters.replication_require_ssl) return { mode: 'off' }
  const {
    replication_master_ssl_ca: ca,
    replication_master_ssl_cert: cert,
    replication_master_ssl_key: key,
  } = parameters
  return {
    mode: ca === undefined ? 'required' : 'verified',
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  }
}
