import { amendCib, type Property } from '../cib/amendment.ts'
import { ATTRIBUTES, plainText } from '../cib/attributes.ts'
import { isQuorate, writeProperty } from '../cib/cluster.ts'
import { formatHoldings } from '../cib/holdings.ts'
import { type ClusterMemory, parseMemory } from '../cib/memory.ts'
import { deleteNodeAttribute, writeNodeAttribute, writePermanentAttribute } from '../cib/node-attribute.ts'
import { readPartition } from '../cib/partition.ts'
import { writePromotionScore } from '../cib/promotion-score.ts'
import { formatRegistration } from '../cib/registration.ts'
import { reignOf } from '../cib/reign.ts'
import { formatSourceRecord } from '../cib/source-record.ts'
import { formatGtidSet } from '../lib/mysql/gtid-text.ts'
import { readServer } from '../lib/mysql/read-server.ts'
import type { ServerFacts } from '../lib/mysql/server-facts.ts'
import { Failure } from '../lib/system/failure.ts'
import { isSound } from './acknowledging.ts'
import { lowerGuarantee, raiseGuarantee, releaseAckers } from './apply-guarantee.ts'
import { settleCommits } from './commits.ts'
import { remedyOn } from './divergence.ts'
import { errant, holds, withoutWritesOf } from './holds.ts'
import type { ClusterStep, FirstAcker } from './plan.ts'
import { SCORE } from './score.ts'
import type { Session } from './session.ts'
import type { Situation } from './situation.ts'

/** Perform a step on the cluster's memory. */
export function applyToCluster(step: ClusterStep, situation: Situation, session: Session): Promise<void> {
  switch (step.do) {
    case 'publish-source':
      return publishSource(step, situation, session)
    case 'publish-holdings':
      return publishHoldings(step, situation, session)
    case 'retract-holdings':
      return deleteNodeAttribute(ATTRIBUTES.holdings(session.reign), session.node, session.deadline)
    case 'publish-handover':
      return publishHandover(step.epoch, situation, session)
    case 'register-acker':
      return register(step.epoch, situation, session)
    case 'lower-guarantee':
      return lowerGuarantee(step, session)
    case 'raise-guarantee':
      return raiseGuarantee(step, session)
    case 'release-ackers':
      return releaseAckers(step, session)
    case 'quarantine':
      return quarantine(step.because, session)
  }
}

type Publication = Extract<ClusterStep, { do: 'publish-source' }>

/** Write this instance into the cluster as its source, as it stands now: drained, and closed for writes. */
async function publishSource(step: Publication, situation: Situation, session: Session) {
  const { epoch, acks, proven, doubted, ackers } = step
  const { invocation, deadline, node } = session
  const [facts, basis] = await Promise.all([
    readFacts(session),
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
    synced: facts.commitsSynced,
    ...placeOf(facts, situation, session),
  }
  const changes = [
    ...ackers.map(acker => registration(epoch, acker, session.reign)),
    { name: ATTRIBUTES.sourceRecord(session.reign), value: formatSourceRecord(record) },
  ]
  const after = await amendCib(changes, basis, node, deadline)
  const late = unheard(epoch, situation, parseMemory(invocation.resource, after, session.reign)).map(acker =>
    registration(epoch, acker, session.reign),
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

function registration(epoch: number, { node, boot }: FirstAcker, reign: string): Property {
  const name = ATTRIBUTES.acker(reign, node)
  return { name, value: formatRegistration({ epoch, boot, at: Date.now() }) }
}

/** Where this instance stood in the log of the source before it; with GTIDs nobody needs to know. */
function previousPlace({ byGtid, instance }: Situation) {
  if (byGtid || !('facts' in instance)) return undefined
  return instance.facts.replication?.readTo ?? instance.facts.binaryLog
}

type Testimony = Extract<ClusterStep, { do: 'publish-holdings' }>

/**
 * Say what this instance holds. Read anew: its receiver was stopped by the step before. One that may be the last to hold
 * acknowledged writes says nothing while it has some of its own: to be heard without them would end the doubt.
 */
async function publishHoldings({ epoch, without }: Testimony, situation: Situation, session: Session): Promise<void> {
  const facts = await readFacts(session)
  const all = holds(situation, facts)
  const held = all && without ? withoutWritesOf(without, all) : all
  const isDoubted = situation.memory.record?.doubted.includes(situation.node) && errant(situation, facts).size > 0
  if (!held || isDoubted) return
  const sound = isSound(situation, facts)
  const attribute = {
    name: ATTRIBUTES.holdings(session.reign),
    node: session.node,
    value: formatHoldings({ epoch, held, sound, boot: situation.boot, ...(without && { partial: true }) }),
    home: 'private',
  } as const
  await writeNodeAttribute(attribute, session.deadline)
}

/** A stop must not fail because the cluster does not listen. */
const HANDOVER_MS = 5000

/** Say with what this source stopped taking writes: closed, with nobody waiting any more, and nothing written in between. */
async function publishHandover(epoch: number, situation: Situation, session: Session): Promise<void> {
  const deadline = session.deadline.within(HANDOVER_MS)
  await settleCommits(session)
  const [first, facts] = [await readFacts(session), await readFacts(session)]
  const held = holds(situation, facts)
  if (facts.writable || first.gtidPosition !== facts.gtidPosition || !held) {
    throw new Failure('rejected', `${session.node} is still written to, though it is closed`)
  }
  if (!(await isQuorate(deadline)))
    return session.log.warning('outside of the quorate partition nothing is handed over')
  const name = ATTRIBUTES.handover(session.reign)
  await writeProperty(name, formatHoldings({ epoch, held, sound: true, boot: situation.boot }), deadline)
}

/** Register as an acker, before anything is acknowledged. */
async function register(epoch: number, { boot, pair }: Situation, session: Session): Promise<void> {
  const { invocation, node, deadline } = session
  const { resource } = invocation
  const reign = pair?.other === undefined ? resource : reignOf(resource, pair.other)
  const change = registration(epoch, { node, boot }, reign)
  const after = await amendCib([change], await readPartition(deadline), node, deadline)
  const { record } = parseMemory(resource, after, reign)
  if (record?.epoch !== epoch) throw new Failure('rejected', `epoch ${epoch} is over: ${node} has to follow anew`)
}

/** Put this node into quarantine, for good. */
export async function quarantine(because: string, session: Session): Promise<void> {
  const { invocation, node, deadline } = session
  const value = quarantineText(because, session)
  await writePermanentAttribute({ name: ATTRIBUTES.quarantine(invocation.resource), node, value }, deadline)
}

/** The attribute's text: the reason and the remedy, without quotation marks. */
export function quarantineText(because: string, { node }: Session): string {
  const remedy = remedyOn(node)
  return `${plainText(because)}${because.includes('run heir ') ? '' : `; ${remedy}`}`
}

async function readFacts(session: Session): Promise<ServerFacts> {
  const { connection, flavour } = await session.talk()
  return readServer(connection, flavour, session.deadline)
}

function binaryLogOf({ binaryLog }: ServerFacts, node: string) {
  if (binaryLog) return binaryLog
  throw new Failure('misconfigured', `mysqld on ${node} writes no binary log: set log_bin in its configuration`)
}
