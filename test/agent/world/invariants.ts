import { ackersOf, certifiedAcks, keepsCommits } from '../../../agent/durability.ts'
import type { ClusterMemory } from '../../../cib/memory.ts'
import type { SourceRecord } from '../../../cib/source-record.ts'
import { contains } from '../../../lib/mysql/gtid-set.ts'
import { parseGtidSet } from '../../../lib/mysql/gtid-text.ts'
import { badProspect } from './prospects.ts'
import { held } from './server.ts'
import { setOf, type Transaction } from './transaction.ts'
import { bootOf, type Node, type World, wordOf } from './world.ts'

/** What must hold in every moment. Answers what does not, in a sentence. */
export function violation(world: World): string | undefined {
  return world.broken ?? writers(world) ?? epochs(world) ?? acknowledgedSomewhere(world) ?? badProspect(world)
}

/** I2: the cluster never goes back behind an epoch in which writes were opened. */
function epochs(world: World): string | undefined {
  const record = wordOf(world)?.record
  if (record === undefined || record.epoch >= world.epoch) return undefined
  return `I2: the cluster is back in epoch ${record.epoch}, and writes were opened in ${world.epoch}`
}

/** I2, I5 and what it is all for: what must hold in the moment before a server opens writes. */
export function whyNotOpen(world: World, { name, server, cib }: Node): string | undefined {
  const { record } = wordOf(world) ?? cib.memory
  if (record?.node !== name) return `I2: ${name} opens writes, and the cluster's source is ${record?.node}`
  const lost = [...world.acknowledged].filter(transaction => !server.log.includes(transaction))
  if (lost.length > 0) return `LOST: ${name} opens writes without ${lost.map(one => one.name).join(', ')}`
  return undefined
}

/** I3: what is deleted with a relay log is on another disk, unless nobody was told of it. */
export function whyNotForget(world: World, { name, server }: Node): string | undefined {
  const others = world.nodes.filter(node => node.name !== name)
  const last = server.relay.filter(
    one => world.acknowledged.has(one) && !others.some(other => held(other.server).includes(one)),
  )
  return last.length === 0 ? undefined : `I3: ${name} deletes the last copy of ${last.map(one => one.name).join(', ')}`
}

/** I1: no two servers take writes, whatever Pacemaker takes them for. */
function writers({ nodes }: World): string | undefined {
  const writable = nodes.filter(({ server }) => server.writable).map(({ name }) => name)
  return writable.length > 1 ? `I1: ${writable.join(' and ')} take writes` : undefined
}

/** I4: what the cluster remembers is true: by its word every acknowledged write can be found again. */
function acknowledgedSomewhere(world: World): string | undefined {
  const memory = wordOf(world)
  if (memory?.record === undefined) return undefined
  const { record } = memory
  const missing = [
    missingAtSource(world, memory, record),
    missingInHandover(world, memory, record),
    missingAmongAckers(world, memory, record),
  ]
  for (const transaction of world.acknowledged) {
    const because = missing.map(find => find(transaction)).find(found => found !== undefined)
    if (because !== undefined) return `${transaction.name} ${because}`
  }
  return undefined
}

/** Says what is wrong with where an acknowledged transaction is. */
type Search = (transaction: Transaction) => string | undefined

/** The last source itself is proof enough, unless it may have lost with its power what it did not wait for its disk for. */
function missingAtSource({ nodes }: World, memory: ClusterMemory, record: SourceRecord): Search {
  const { node, epoch } = record
  const isSameBoot = nodes.some(one => one.name === node && bootOf(one) === record.boot)
  if (!isSameBoot && !keepsCommits(record, memory)) return () => undefined
  const log = nodes.filter(({ name }) => name === node).flatMap(({ server }) => held(server))
  return transaction => (log.includes(transaction) ? undefined : `is not on ${node}, the source of epoch ${epoch}`)
}

/** So is what it said when it stopped taking writes. */
function missingInHandover({ flavour }: World, { handover }: ClusterMemory, record: SourceRecord): Search {
  if (handover?.epoch !== record.epoch || handover.held.by !== 'gtid') return () => undefined
  const { set } = handover.held
  return transaction => (contains(set, setOf(flavour, [transaction])) ? undefined : 'is not in the handover')
}

/**
 * And so are |S| - k + 1 ackers: no more than |S| - k of those who would testify may lack a write of this epoch. What was
 * written before is known by the history with which the epoch began.
 */
function missingAmongAckers(world: World, memory: ClusterMemory, record: SourceRecord): Search {
  const acks = certifiedAcks(record, memory)
  if (acks === 0) return () => undefined
  const ackers = ackersOf(record, memory)
  const history = parseGtidSet(world.flavour, record.gtid)
  const witnesses = world.nodes
    .filter(node => ackers.includes(node.name) && testifies(world, memory, node))
    .map(({ name, server }) => ({ name, log: held(server) }))
    .filter(({ log }) => contains(setOf(world.flavour, log), history))
  return transaction => {
    const lacking = witnesses.filter(({ log }) => !log.includes(transaction))
    if (lacking.length < Math.max(ackers.length - acks + 1, 1)) return undefined
    const names = lacking.map(({ name }) => name).join(', ') || 'anybody'
    return `is not on ${names}, of ${ackers.length} ackers in epoch ${record.epoch} with acks=${acks} (I4)`
  }
}

/** Whether the node would be believed. */
function testifies({ flavour, synced }: World, { registrations }: ClusterMemory, node: Node): boolean {
  return registrations.get(node.name)?.boot === bootOf(node) || (synced && flavour === 'mysql')
}
