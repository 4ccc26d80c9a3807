import { readClusterView } from '../cib/cluster-view.ts'
import { readUnmet } from '../cib/meeting.ts'
import { parseMemory } from '../cib/memory.ts'
import { readPartition } from '../cib/partition.ts'
import type { TailVerdict } from '../lib/mysql/tail.ts'
import { bootId } from '../lib/system/boot-id.ts'
import { Failure } from '../lib/system/failure.ts'
import { isReceiving, needsCertifying, strays } from './attention.ts'
import { lookAtCommits } from './observe-commits.ts'
import { observeInstance } from './observe-instance.ts'
import { noticeMemory, readMemory } from './observe-memory.ts'
import { observePeers, readHoldings } from './observe-peers.ts'
import { readPreference } from './observe-preference.ts'
import { observeReaders } from './observe-readers.ts'
import { askInstances, askSource, awaitSource } from './observe-source.ts'
import type { Session } from './session.ts'
import { mayTurn } from './site.ts'
import type { InstanceView, SiteView, Situation } from './situation.ts'
import type { Deed } from './transitions.ts'

/** What an action looks at beside its own instance. */
type Look =
  | 'memory' // what the cluster remembers, as the CIB answers now
  | 'memory-on-disk' // the same, as this node's copy of the CIB has it: no process needed
  | 'mandate' // the same, and whether this side of the cluster may decide
  | 'peers' // what the electorate published; waits for it
  | 'source' // what the recorded source executed; asked over the network, only while this instance does not follow it
  | 'neighbours' // the other replicas, with the source
  | 'commits' // what the ackers of this source hold, and who is there; asked only where something is not as it should be
  | 'site' // the other site, and the right to take writes; only where there is one
  | 'ticket' // that right alone
  | 'tail' // the end of a stopped server's binary log

const LOOKS: Readonly<Record<Deed, readonly Look[]>> = {
  start: ['memory', 'source', 'neighbours', 'tail'],
  stop: ['memory-on-disk'],
  monitor: ['memory-on-disk', 'source', 'neighbours', 'commits'],
  promote: ['mandate', 'peers', 'site'],
  demote: ['memory-on-disk', 'ticket'],
  'pre-promote': ['memory'],
  'post-promote': ['memory', 'source'],
}

/** Read mysqld and the cluster once. */
export async function observe(deed: Deed, session: Session): Promise<Situation> {
  const looks = new Set(LOOKS[deed])
  const [instance, cluster, boot, lastLook, readers, site, preference] = await Promise.all([
    observeInstance(session),
    looks.has('mandate') ? readMandate(session) : remember(looks, session),
    bootId(),
    looks.has('commits') ? session.commits.read() : undefined,
    observeReaders(session),
    seeSite(looks, session),
    readPreference(session),
  ])
  const { node, invocation, parameters } = session
  const noticed: Situation = {
    node,
    instance,
    ...cluster,
    boot,
    lastLook,
    source: undefined,
    neighbours: new Map(),
    site,
    ackers: new Map(),
    cluster: undefined,
    instances: invocation.instances,
    notification: invocation.notification,
    peers: looks.has('peers') ? await observePeers(session, cluster.memory) : [],
    frozen: false,
    tail: undefined,
    durability: { mode: parameters.durability, acks: parameters.acks },
    onDiverged: parameters.on_diverged,
    preference,
    pair: undefined,
    readers,
    byGtid: parameters.gtid === 'auto' && (!('facts' in instance) || instance.facts.gtid),
  }
  return lookCloser(deed, noticed, looks, session)
}

type ClusterPart = Pick<Situation, 'memory' | 'quorate' | 'unmet'>

async function remember(looks: ReadonlySet<Look>, session: Session): Promise<ClusterPart> {
  const memory = await (looks.has('memory') ? readMemory : noticeMemory)(session)
  return { memory, quorate: true, unmet: undefined }
}

async function readMandate({ node, invocation: { resource }, deadline }: Session): Promise<ClusterPart> {
  const partition = await readPartition(deadline)
  const unmet = await readUnmet(resource, node, partition, deadline)
  return { memory: parseMemory(resource, partition.cib), quorate: partition.quorate, unmet }
}

/**
 * Look at why things are not as they should be, with the CIB's own word and not that of a copy: it will be acted on.
 * A monitor that gets no answer finds nothing to act on, and leaves a server alone that may be healthy.
 */
async function lookCloser(
  deed: Deed,
  noticed: Situation,
  looks: ReadonlySet<Look>,
  session: Session,
): Promise<Situation> {
  try {
    if (looks.has('commits') && needsCertifying(noticed)) return await lookAtCommits(noticed, session)
    const matters = looks.has('source') && (noticed.instance.state !== 'stopped' || looks.has('tail'))
    const isOdd = strays(noticed) || (session.parameters.site_source !== undefined && mayTurn(noticed))
    return matters && isOdd ? await lookAtSource(noticed, looks, session) : noticed
  } catch (error) {
    if (deed !== 'monitor' || !(error instanceof Failure)) throw error
    session.log.warning(error.message)
    return noticed
  }
}

async function lookAtSource(noticed: Situation, looks: ReadonlySet<Look>, session: Session): Promise<Situation> {
  const memory = await readMemory(session)
  const patient = looks.has('tail') && noticed.instance.state === 'stopped' && (await hasCrashed(session))
  const neighbours = looks.has('neighbours') ? await lookAround({ ...noticed, memory }, session) : noticed.neighbours
  const [holdings, source, site] = await Promise.all([
    readHoldings(session, memory.record?.epoch ?? 0),
    memory.record ? (patient ? awaitSource : askSource)(session, memory.record) : undefined,
    seeSite(new Set(['site']), session),
  ])
  const cluster = source?.answers === false ? await viewOrNothing(session) : undefined
  const tail = looks.has('tail') && source ? await readTail(session, source) : undefined
  return { ...noticed, memory, source, site, neighbours, cluster, tail, frozen: holdings.has(session.node) }
}

/** A replica that does not answer within this is left out. */
const NEIGHBOUR_MS = 1000

/** The other replicas, where this instance cannot follow the source as it is. Before the source: they hold no more than it says. */
async function lookAround({ node, instance, memory: { record } }: Situation, session: Session) {
  if (!record || instance.state !== 'unpromoted' || isReceiving(instance.facts, record)) return new Map()
  const active = (await viewOrNothing(session))?.active ?? []
  const nodes = active.filter(one => one !== node && one !== record.node)
  return askInstances(session, nodes, () => NEIGHBOUR_MS)
}

/** Loaded only for a start: reading binary logs takes more code than all of monitor. */
async function hasCrashed(session: Session): Promise<boolean> {
  const tail = await import('./observe-tail.ts')
  return tail.hasCrashed(session)
}

/** The same. */
async function readTail(session: Session, source: InstanceView): Promise<TailVerdict> {
  const { observeTail } = await import('./observe-tail.ts')
  return observeTail(session, source)
}

/** Loaded only where there is another site. */
async function seeSite(looks: ReadonlySet<Look>, session: Session): Promise<SiteView | undefined> {
  const { site_source: address, site_ticket: ticket } = session.parameters
  if (address === undefined || ticket === undefined || !(looks.has('site') || looks.has('ticket'))) return undefined
  const { observeSite, noticeTicket } = await import('./observe-site.ts')
  return (looks.has('site') ? observeSite : noticeTicket)({ ...address, ticket }, session)
}

/** Who is there; nobody can be sure while Pacemaker does not say. */
async function viewOrNothing(session: Session) {
  try {
    return await readClusterView(session.invocation.resource, session.deadline)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    session.log.warning(error.message)
    return undefined
  }
}
