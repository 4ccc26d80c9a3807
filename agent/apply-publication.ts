import { amendCib, type Property } from '../cib/amendment.ts'
import { ATTRIBUTES } from '../cib/attributes.ts'
import { type ClusterMemory, parseMemory } from '../cib/memory.ts'
import { readPartition } from '../cib/partition.ts'
import { writePromotionScore } from '../cib/promotion-score.ts'
import { registrationProperty } from '../cib/registration.ts'
import { formatSourceRecord } from '../cib/source-record.ts'
import { formatGtidSet } from '../lib/mysql/gtid-text.ts'
import { readServer } from '../lib/mysql/read-server.ts'
import type { ServerFacts } from '../lib/mysql/server-facts.ts'
import { syncCommits } from '../lib/mysql/sync-commits.ts'
import { Failure } from '../lib/system/failure.ts'
import type { ClusterStep, FirstAcker } from './plan.ts'
import { SCORE } from './score.ts'
import type { Session } from './session.ts'
import type { Situation } from './situation.ts'

type Publication = Extract<ClusterStep, { do: 'publish-source' }>

/**
 * Write this instance into the cluster as its source, as it stands now: drained, and closed for writes. Throws Failure
 * `rejected` where another one has been written meanwhile, and what amendCib() throws.
 */
export async function publishSource(step: Publication, situation: Situation, session: Session): Promise<void> {
  const { epoch, acks, proven, doubted, ackers } = step
  const { invocation, deadline, node } = session
  const [{ facts, synced }, basis] = await Promise.all([
    readSynced(session),
    readPartition(deadline),
    // With the record, Pacemaker plans anew; by the score of before it might prefer another one to this source.
    writePromotionScore(invocation.resource, node, SCORE.source, deadline),
  ])
  const known = parseMemory(invocation.resource, basis.cib, session.reign).record
  if (known !== undefined && known.epoch >= epoch) {
    throw new Failure('rejected', `the cluster has made ${known.node} its source meanwhile, in epoch ${known.epoch}`)
  }
  const { boot } = situation
  const record = {
    epoch,
    node,
    acks,
    proven,
    doubted,
    boot,
    synced,
    ...placeOf(facts, situation, session),
  }
  const changes = [
    ...ackers.map(acker => registration(epoch, acker, session)),
    { name: ATTRIBUTES.sourceRecord(session.reign), value: formatSourceRecord(record) },
  ]
  const after = await amendCib(changes, basis, node, deadline)
  const late = unheard(epoch, situation, parseMemory(invocation.resource, after, session.reign)).map(acker =>
    registration(epoch, acker, session),
  )
  if (late.length > 0) await amendCib(late, await readPartition(deadline), node, deadline)
}

/** How replicas reach this server, and what there is when its epoch begins. */
function placeOf(facts: ServerFacts, situation: Situation, { node, parameters }: Session) {
  return {
    host: node,
    port: parameters.replication_port,
    server: facts.serverUuid ?? String(facts.serverId),
    binaryLog: binaryLogOf(facts, node),
    gtid: formatGtidSet(facts.flavour, facts.executed),
    previous: previousPlace(situation),
  }
}

/**
 * Replicas that were not heard in the election and have registered before: one that follows this server still, because it
 * was the source before, may acknowledge its commits already. They count from now on.
 */
function unheard(epoch: number, situation: Situation, { registrations }: ClusterMemory): readonly FirstAcker[] {
  const { node, peers, memory } = situation
  const heard = peers.filter(({ holdings }) => holdings !== undefined).map(peer => peer.node)
  const out = [node, memory.record?.node, ...heard] // the last source has followed nobody
  return [...registrations].flatMap(([name, { epoch: known, boot }]) =>
    known >= epoch || out.includes(name) ? [] : [{ node: name, boot }],
  )
}

/**
 * Look at the server, and whether it keeps over a loss of power what it holds: by its settings what it commits from now on,
 * and what it has committed before, perhaps by other settings, is on disk by then. One that cannot see to that is not trusted.
 */
async function readSynced(session: Session) {
  const { connection, flavour } = await session.talk()
  const facts = await readServer(connection, flavour, session.deadline)
  if (!facts.commitsSynced) return { facts, synced: false }
  try {
    await syncCommits(connection, session.deadline)
    return { facts, synced: true }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    session.log.warning(error.message)
    return { facts, synced: false }
  }
}

const registration = (epoch: number, { node, boot }: FirstAcker, { reign }: Session): Property =>
  registrationProperty(reign, node, { epoch, boot, at: Date.now() })

/** Where this instance stood in the log of the source before it; with GTIDs nobody needs to know. */
function previousPlace({ byGtid, instance }: Situation) {
  if (byGtid || !('facts' in instance)) return undefined
  return instance.facts.replication?.readTo ?? instance.facts.binaryLog
}

function binaryLogOf({ binaryLog }: ServerFacts, node: string) {
  if (binaryLog) return binaryLog
  throw new Failure('misconfigured', `mysqld on ${node} writes no binary log: set log_bin in its configuration`)
}
