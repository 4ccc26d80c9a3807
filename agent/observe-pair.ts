import { readCib } from '../cib/cib-text.ts'
import { readClusterView } from '../cib/cluster-view.ts'
import { readUnmet } from '../cib/meeting.ts'
import { electorate } from '../cib/notification.ts'
import { readPartition } from '../cib/partition.ts'
import { reignOf } from '../cib/reign.ts'
import { connect } from '../lib/mysql/connection.ts'
import { detectFlavour } from '../lib/mysql/flavour.ts'
import { type PairSettings, readPairSettings } from '../lib/mysql/pair-settings.ts'
import { bootId } from '../lib/system/boot-id.ts'
import { Failure } from '../lib/system/failure.ts'
import { isToBeClosed, needsCertifying } from './attention.ts'
import { NO_PREFERENCE } from './failback.ts'
import { lookAtCommits } from './observe-commits.ts'
import { observeInstance } from './observe-instance.ts'
import { noticeCib } from './observe-memory.ts'
import { pairSight } from './observe-pair-memory.ts'
import { awaitHoldings } from './observe-peers.ts'
import { observeReaders } from './observe-readers.ts'
import { askSource, replicationTls } from './observe-source.ts'
import { isInTouch } from './pair/follow-other.ts'
import type { PairView } from './pair/pair-view.ts'
import type { Session } from './session.ts'
import type { Peer, Situation } from './situation.ts'
import type { Deed } from './transitions.ts'

/** Actions that act on what the cluster remembers, and ask it; the others go by this node's copy. */
const ASKING: readonly Deed[] = ['start', 'pre-promote', 'post-promote']

/** Read mysqld and the cluster once, for an instance of a pair in which both take writes. */
export async function observePair(deed: Deed, session: Session): Promise<Situation> {
  const { node, invocation, parameters } = session
  const [instance, remembered, boot, lastLook] = await Promise.all([
    observeInstance(session),
    remember(deed, session),
    bootId(),
    deed === 'monitor' ? session.commits.read() : undefined,
  ])
  const noticed: Situation = {
    ...{ node, instance, boot, lastLook, ...remembered },
    ...{ source: undefined, neighbours: new Map(), ackers: new Map(), cluster: undefined, tail: undefined },
    ...{ peers: [], frozen: false, preference: NO_PREFERENCE },
    instances: invocation.instances,
    notification: invocation.notification,
    durability: { mode: parameters.durability, acks: parameters.acks },
    onDiverged: parameters.on_diverged,
    readers: await observeReaders(session),
    site: undefined,
    byGtid: !('facts' in instance) || instance.facts.gtid,
  }
  if (deed === 'monitor') return lookCloser(noticed, session)
  if (deed === 'promote') return lookAtOther(noticed, session)
  return deed === 'start' || deed === 'post-promote' ? lookAtSource(noticed, session) : noticed
}

type Remembered = Pick<Situation, 'memory' | 'pair' | 'quorate' | 'unmet'>

async function remember(deed: Deed, session: Session): Promise<Remembered> {
  const { invocation, node, deadline } = session
  if (deed === 'promote') {
    const partition = await readPartition(deadline)
    const unmet = await readUnmet(invocation.resource, node, partition, deadline)
    return { ...interpret(session, partition.cib), quorate: partition.quorate, unmet }
  }
  const seen = ASKING.includes(deed)
    ? interpret(session, await readCib(deadline))
    : await noticeCib(session, cib => interpret(session, cib))
  return { ...(seen ?? interpret(session, undefined)), quorate: true, unmet: undefined }
}

const interpret = ({ invocation, node }: Session, cib: string | undefined) => pairSight(invocation.resource, node, cib)

/** Look at why things are not as they should be, with the CIB's own word: it will be acted on. */
async function lookCloser(noticed: Situation, session: Session): Promise<Situation> {
  const { instance } = noticed
  if (!('facts' in instance)) return noticed
  try {
    const strays = !isInTouch(noticed, instance.facts) || isToBeClosed(noticed)
    const fresh = strays ? { ...noticed, ...interpret(session, await readCib(session.deadline)) } : noticed
    const seen = strays ? await lookAtSource(fresh, session) : fresh
    return needsCertifying(seen) ? await lookAtCommits(seen, session) : seen
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    session.log.warning(error.message)
    return noticed
  }
}

async function lookAtSource(noticed: Situation, session: Session): Promise<Situation> {
  const record = noticed.pair?.memory.record
  if (record === undefined || !('facts' in noticed.instance)) return noticed
  const source = await askSource(session, record)
  const cluster = source.answers ? undefined : await readClusterView(session.invocation.resource, session.deadline)
  return { ...noticed, source, cluster }
}

/** Before writes are opened: what the other one has and has published, and what keeps the writes of the two apart. */
async function lookAtOther(noticed: Situation, session: Session): Promise<Situation> {
  const { instance, notification, pair } = noticed
  if (!('facts' in instance) || pair === undefined) return noticed
  const [name] = notification ? electorate(notification).filter(node => node !== session.node) : []
  const peers = name === undefined ? [] : [await lookAtPeer(name, pair, session)]
  const [seen, own, others] = await Promise.all([
    lookAtSource(noticed, session),
    session.talk().then(({ connection, flavour }) => readPairSettings(connection, flavour, session.deadline)),
    name === undefined ? undefined : askSettings(name, session),
  ])
  return { ...seen, peers, pair: { ...pair, settings: { own, others } } }
}

async function lookAtPeer(node: string, { memory }: PairView, session: Session): Promise<Peer> {
  const reign = reignOf(session.invocation.resource, node)
  return { node, holdings: await awaitHoldings({ reign, deadline: session.deadline }, node, memory.record?.epoch ?? 0) }
}

/** Settings are worth no longer wait. */
const SETTINGS_MS = 3000

/** Undefined where the other one does not answer. */
async function askSettings(host: string, session: Session): Promise<PairSettings | undefined> {
  try {
    const account = await session.replicationAccount()
    const { replication_port: port } = session.parameters
    const place = { host, port, tls: replicationTls(session.parameters) }
    const connection = await connect(place, account, session.deadline.within(SETTINGS_MS))
    try {
      const flavour = await detectFlavour(connection, session.deadline)
      return await readPairSettings(connection, flavour, session.deadline.within(SETTINGS_MS))
    } finally {
      connection.close()
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return undefined
  }
}
