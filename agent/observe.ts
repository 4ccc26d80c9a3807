import { ATTRIBUTES } from '../cib/attributes.ts'
import { isQuorate, readProperty } from '../cib/cluster.ts'
import { type Held, parseHoldings } from '../cib/holdings.ts'
import { readNodeAttribute, readPermanentAttribute } from '../cib/node-attribute.ts'
import { electorate } from '../cib/notification.ts'
import { readPropertyFromDisk } from '../cib/record-on-disk.ts'
import { parseSourceRecord, type SourceRecord } from '../cib/source-record.ts'
import type { TailVerdict } from '../lib/mysql/tail.ts'
import { Failure } from '../lib/system/failure.ts'
import { isFollowing } from './follow.ts'
import { observeInstance } from './observe-instance.ts'
import { askSource } from './observe-source.ts'
import type { Session } from './session.ts'
import type { Instance, Peer, Situation, SourceView } from './situation.ts'
import type { Deed } from './transitions.ts'

/** What an action looks at beside its own instance. */
type Look =
  | 'record' // the cluster's record, as the CIB answers now
  | 'record-on-disk' // the same, as this node's copy of the CIB has it: no process needed
  | 'quorum'
  | 'quarantine' // what is held against this node's data
  | 'peers' // what the electorate published; waits for it
  | 'source' // what the recorded source executed; asked over the network, only while this instance does not follow it
  | 'tail' // the end of a stopped server's binary log

const LOOKS: Readonly<Record<Deed, readonly Look[]>> = {
  start: ['record', 'source', 'tail'],
  stop: [],
  monitor: ['record-on-disk', 'source'],
  promote: ['record', 'quorum', 'quarantine', 'peers'],
  demote: ['record-on-disk'],
  'pre-promote': ['record'],
  'post-promote': ['record', 'source'],
}

/** How long promote waits for the holdings of its peers: they were published before it was called, and travel in milliseconds. */
const PEERS_MS = 3000

/** Read mysqld and the cluster once. */
export async function observe(deed: Deed, session: Session): Promise<Situation> {
  const looks = new Set(LOOKS[deed])
  const { node, deadline, invocation, parameters } = session
  const [instance, noticed, quorate, quarantine] = await Promise.all([
    observeInstance(session),
    observeRecord(looks, session),
    looks.has('quorum') ? isQuorate(deadline) : true,
    looks.has('quarantine') ? readQuarantine(session) : undefined,
  ])
  // Of a stopped server only a start wants to know what it lacks or has too much.
  const matters = looks.has('source') && (instance.state !== 'stopped' || looks.has('tail'))
  const closer = matters && strays(node, instance, noticed) ? await lookCloser(deed, session) : undefined
  const record = closer ? closer.record : noticed
  return {
    node,
    instance,
    record,
    quorate,
    source: closer?.source,
    quarantine: closer?.quarantine ?? quarantine,
    instances: invocation.instances,
    notification: invocation.notification,
    peers: looks.has('peers') ? await observePeers(session, record) : [],
    frozen: closer?.frozen ?? false,
    tail: looks.has('tail') && closer?.source ? await readTail(session, closer.source) : undefined,
    maxReplicaLagSeconds: parameters.max_replica_lag,
    byGtid: parameters.gtid === 'auto' && (!('facts' in instance) || instance.facts.gtid),
  }
}

type Closer = Pick<Situation, 'record' | 'source' | 'quarantine' | 'frozen'>

/**
 * Look at why this instance does not follow, with the CIB's own word and not that of a copy: it will be acted on.
 * A monitor that gets no answer finds nothing to act on, and leaves a server alone that may be healthy.
 */
async function lookCloser(deed: Deed, session: Session): Promise<Closer> {
  try {
    const record = await readRecord(session)
    const holdings = await readHoldings(session, record?.epoch ?? 0)
    const source = record ? await askSource(session, record) : undefined
    return { record, source, quarantine: await readQuarantine(session), frozen: holdings.has(session.node) }
  } catch (error) {
    if (deed !== 'monitor' || !(error instanceof Failure)) throw error
    session.log.warning(error.message)
    return {
      record: undefined,
      source: { answers: false, because: error.message },
      quarantine: undefined,
      frozen: true,
    }
  }
}

/** Whether there is a source on record that this instance ought to follow and does not. */
function strays(node: string, instance: Instance, record: SourceRecord | undefined): boolean {
  if (record === undefined) return false
  if (instance.state === 'promoted') return record.node !== node
  if (record.node === node) return false
  if (instance.state === 'unpromoted') return !isFollowing(instance.facts, record)
  return instance.state === 'stopped'
}

async function observeRecord(looks: ReadonlySet<Look>, session: Session): Promise<SourceRecord | undefined> {
  if (looks.has('record')) return readRecord(session)
  if (!looks.has('record-on-disk')) return undefined
  try {
    const copy = await readPropertyFromDisk(ATTRIBUTES.sourceRecord(session.invocation.resource))
    if (!copy.readable) return await readRecord(session)
    return copy.value === undefined ? undefined : parseSourceRecord(copy.value)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    session.log.warning(error.message) // what only notices must not fail a server that may be healthy
    return undefined
  }
}

async function readRecord({ invocation, deadline }: Session): Promise<SourceRecord | undefined> {
  const text = await readProperty(ATTRIBUTES.sourceRecord(invocation.resource), deadline)
  return text === undefined ? undefined : parseSourceRecord(text)
}

/** Loaded only for a start after a crash: reading binary logs takes more code than all of monitor. */
async function readTail(session: Session, source: SourceView): Promise<TailVerdict> {
  const { observeTail } = await import('./observe-tail.ts')
  return observeTail(session, source)
}

function readQuarantine({ invocation, node, deadline }: Session): Promise<string | undefined> {
  return readPermanentAttribute(ATTRIBUTES.quarantine(invocation.resource), node, deadline)
}

/** What each node published for the end of this epoch. That of other epochs is void. */
async function readHoldings({ invocation, deadline }: Session, epoch: number): Promise<ReadonlyMap<string, Held>> {
  const texts = await readNodeAttribute(ATTRIBUTES.holdings(invocation.resource), deadline)
  const holdings = [...texts].map(([node, text]) => [node, parseHoldings(text)] as const)
  return new Map(holdings.filter(([, { epoch: theirs }]) => theirs === epoch).map(([node, { held }]) => [node, held]))
}

/** The rest of the electorate with what it published; ends as soon as everybody has, or after the bound with those who have. */
async function observePeers(session: Session, record: SourceRecord | undefined): Promise<readonly Peer[]> {
  const { notification } = session.invocation
  if (!notification) return []
  const nodes = electorate(notification).filter(node => node !== session.node)
  if (nodes.length === 0) return []

  const deadline = session.deadline.within(PEERS_MS)
  let peers: readonly Peer[] = nodes.map(node => ({ node, held: undefined }))
  await deadline.poll(20, async () => {
    const holdings = await readHoldings(session, record?.epoch ?? 0)
    peers = nodes.map(node => ({ node, held: holdings.get(node) }))
    return peers.every(({ held }) => held !== undefined) || undefined
  })
  return peers
}
