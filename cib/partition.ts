import type { Deadline } from '../lib/system/deadline.ts'
import { Failure } from '../lib/system/failure.ts'
import { attributeOf, readWholeCib } from './cib-text.ts'
import { isQuorate } from './cluster.ts'
import { clusterTool } from './cluster-tool.ts'

/** This node's side of the cluster. */
export interface Partition {
  /** Whether it may decide for the cluster. */
  readonly quorate: boolean
  /** The nodes on this side whose Pacemaker has joined. */
  readonly members: readonly string[]
  /** All nodes of the cluster, but for remote ones. */
  readonly nodes: readonly string[]
  /** The text of the whole CIB that says so. */
  readonly cib: string
}

/** Ask corosync and Pacemaker. Throws Failure `rejected` when one of them does not answer on this node. */
export async function readPartition(deadline: Deadline): Promise<Partition> {
  const [quorate, cib] = await Promise.all([isQuorate(deadline), readWholeCib(deadline)])
  const { members, nodes } = parsePresence(cib)
  return { quorate: quorate && isMajority(members, nodes), members, nodes, cib }
}

/**
 * All nodes of the cluster, and those that its controller has as members: part of corosync's membership (in_ccm), with a
 * controller (crmd), and joined. Pacemaker 2.1 says so in words, Pacemaker 3 by since when. Remote nodes have no CIB.
 */
export function parsePresence(cib: string): Pick<Partition, 'members' | 'nodes'> {
  const tags = (element: string) => [...cib.matchAll(new RegExp(`<${element}\\b[^>]*>`, 'g'))].map(([tag]) => tag)
  const names = (found: readonly string[]) => found.flatMap(tag => attributeOf(tag, 'uname') ?? [])
  const nodes = names(tags('node').filter(tag => attributeOf(tag, 'type') !== 'remote'))
  const joined = names(tags('node_state').filter(isMember))
  return { nodes, members: nodes.filter(node => joined.includes(node)) }
}

function isMember(tag: string): boolean {
  const isUp = (attribute: string) =>
    ['true', 'online'].includes(attributeOf(tag, attribute) ?? '') || Number(attributeOf(tag, attribute)) > 0
  return isUp('in_ccm') && isUp('crmd') && attributeOf(tag, 'join') === 'member'
}

/**
 * Whether any two such groups of members have one in common, so that what one writes the other knows. Corosync's quorum does
 * not say that: it also counts nodes on which Pacemaker does not run, whose CIB is as old as its last day. Of two nodes one
 * is enough: there the other one is fenced.
 */
export function isMajority(members: readonly string[], nodes: readonly string[]): boolean {
  return nodes.length <= 2 || members.length * 2 > nodes.length
}

/** A controller answers within milliseconds; one that hangs is soon no member any more. */
const ANSWER_MS = 3000

/**
 * Wait until each of these nodes, members of the partition before the write, has received what was written into the CIB.
 *
 * A write returns when this node has it: cut off in that very moment, nobody else may ever get it. Corosync delivers
 * messages to all members in one order, so whoever answers a message that was sent later has received the earlier one.
 * Throws Failure `timed-out` where one does not answer in time.
 */
export async function confirmReceipt(nodes: readonly string[], deadline: Deadline): Promise<void> {
  await Promise.all(nodes.map(node => expectAnswer(node, deadline.within(ANSWER_MS))))
}

async function expectAnswer(member: string, deadline: Deadline): Promise<void> {
  const answer = await clusterTool(`asking ${member} for an answer`, 'crmadmin', ['--status', member], deadline)
  if (!answer?.includes(' in state ')) throw new Failure('rejected', `the controller of ${member} does not answer`)
}
