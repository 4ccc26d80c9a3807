import { ATTRIBUTES } from '../cib/attributes.ts'
import { type Holdings, parseHoldings } from '../cib/holdings.ts'
import type { ClusterMemory } from '../cib/memory.ts'
import { readNodeAttribute } from '../cib/node-attribute.ts'
import { electorate } from '../cib/notification.ts'
import { isAway } from '../cib/source-record.ts'
import { ackersOf } from './durability.ts'
import type { Session } from './session.ts'
import type { Peer } from './situation.ts'

/** How long promote waits for the holdings of its peers: they were published before it was called, and travel in milliseconds. */
const PEERS_MS = 3000

/** What each node published for the end of this epoch. That of other epochs is void. */
export async function readHoldings(
  { reign, deadline }: Pick<Session, 'reign' | 'deadline'>,
  epoch: number,
): Promise<ReadonlyMap<string, Holdings>> {
  return ofEpoch(await readNodeAttribute(ATTRIBUTES.holdings(reign), deadline), epoch)
}

function ofEpoch(texts: ReadonlyMap<string, string>, epoch: number): ReadonlyMap<string, Holdings> {
  const holdings = [...texts].map(([node, text]) => [node, parseHoldings(text)] as const)
  return new Map(holdings.filter(([, { epoch: theirs }]) => theirs === epoch))
}

/**
 * The rest of the electorate with what it published; ends as soon as everybody has whose answer can change the outcome, or
 * after the bound with those who have.
 */
export async function observePeers(session: Session, memory: ClusterMemory): Promise<readonly Peer[]> {
  const { notification } = session.invocation
  if (!notification) return []
  const nodes = electorate(notification).filter(node => node !== session.node)
  if (nodes.length === 0) return []

  const { record } = memory
  const isOwn = record !== undefined && !isAway(record)
  const awaited = isOwn ? nodes.filter(node => node === record.node || ackersOf(record, memory).includes(node)) : nodes
  const deadline = session.deadline.within(PEERS_MS)
  let peers: readonly Peer[] = nodes.map(node => ({ node, holdings: undefined }))
  await deadline.poll(20, async () => {
    const holdings = await readHoldings(session, record?.epoch ?? 0)
    peers = nodes.map(node => ({ node, holdings: holdings.get(node) }))
    return awaited.every(node => holdings.has(node)) || undefined
  })
  return peers
}

/** What one node has published for the end of this epoch of the reign; undefined where it has not within the bound. */
export async function awaitHoldings(
  from: Pick<Session, 'reign' | 'deadline'>,
  node: string,
  epoch: number,
): Promise<Holdings | undefined> {
  return from.deadline.within(PEERS_MS).poll(20, async () => (await readHoldings(from, epoch)).get(node))
}
