import { amendCib, deletePropertyIf, type Property } from '../cib/amendment.ts'
import { ATTRIBUTES } from '../cib/attributes.ts'
import { isQuorate, writeProperty } from '../cib/cluster.ts'
import { formatGuarantee, type Guarantee } from '../cib/guarantee.ts'
import { type ClusterMemory, parseMemory } from '../cib/memory.ts'
import { readPartition } from '../cib/partition.ts'
import { formatRegistration } from '../cib/registration.ts'
import type { SourceRecord } from '../cib/source-record.ts'
import { contains } from '../lib/mysql/gtid-set.ts'
import { readServer, readWritten } from '../lib/mysql/read-server.ts'
import { syncCommits } from '../lib/mysql/sync-commits.ts'
import type { Deadline } from '../lib/system/deadline.ts'
import { Failure } from '../lib/system/failure.ts'
import { certifiedAcks, keepsCommits } from './durability.ts'
import { readMemory } from './observe-memory.ts'
import { askInstance } from './observe-source.ts'
import type { ClusterStep } from './plan.ts'
import type { Session } from './session.ts'

type Step<Name extends ClusterStep['do']> = Extract<ClusterStep, { do: Name }>

/** How long ackers may take to hold what the source has: commits wait meanwhile, or the guarantee stays low. */
const IN_STEP_MS = 2000

/**
 * Write that fewer replicas have what is acknowledged, before the source waits for fewer. Every witness must have received it:
 * one that is cut off right now could otherwise promote another source by the old word.
 */
export async function lowerGuarantee({ epoch, acks, synced, witnesses }: Step<'lower-guarantee'>, session: Session) {
  const { invocation, node, deadline } = session
  const basis = await readPartition(deadline)
  expectSource(epoch, parseMemory(invocation.resource, basis.cib, session.reign), session)
  await amendCib([guarantee({ epoch, acks, synced }, session)], { ...basis, members: witnesses }, node, deadline)
}

/**
 * Write that more replicas have what is acknowledged: the source waits for them, and so many have all that was before. They
 * have when they have executed it, and also when they acknowledge a commit that comes after it.
 */
export async function raiseGuarantee({ epoch, acks, ackers }: Step<'raise-guarantee'>, session: Session) {
  const before = await readAcknowledged(session)
  await expectInStep(acks, ackers, session, async () => (await readAcknowledged(session)).sofar > before.begun)
  await strengthen(epoch, { acks }, session)
}

/** Write that the source keeps its commits over a loss of power: those from now on by its settings, and all before by this. */
export async function trustCommits({ epoch }: Step<'trust-commits'>, session: Session): Promise<void> {
  const { connection } = await session.talk()
  await syncCommits(connection, session.deadline)
  await strengthen(epoch, { synced: true }, session)
}

/** To have learned of it is good for those who elect, and nothing is lost where one has not. */
async function strengthen(epoch: number, change: Partial<Guarantee>, session: Session): Promise<void> {
  const [memory, quorate] = await Promise.all([readMemory(session), isQuorate(session.deadline)])
  if (!quorate) throw new Failure('rejected', `${session.node} has lost its quorum`)
  const record = expectSource(epoch, memory, session)
  const known = { epoch, acks: certifiedAcks(record, memory), synced: keepsCommits(record, memory) }
  const { name, value } = guarantee({ ...known, ...change }, session)
  await writeProperty(name, value, session.deadline)
}

/** Commits acknowledged so far, and those that have begun to wait: one more than these began to wait after the question. */
async function readAcknowledged(session: Session): Promise<{ readonly sofar: number; readonly begun: number }> {
  const { connection, flavour } = await session.talk()
  const { semiSync } = await readServer(connection, flavour, session.deadline)
  if (!semiSync?.sourceEnabled) return { sofar: 0, begun: 0 }
  return { sofar: semiSync.acknowledged, begun: semiSync.acknowledged + semiSync.waitingSessions }
}

/** Take ackers that are dead out of the reckoning, once so many of those that are left have all that they may have acknowledged. */
export async function releaseAckers({ gone, acks, left }: Step<'release-ackers'>, session: Session) {
  const { deadline } = session
  await expectSilence(
    gone.map(({ node }) => node),
    session,
  )
  await expectInStep(acks, left, session)
  if (!(await isQuorate(deadline))) throw new Failure('rejected', `${session.node} has lost its quorum`)
  for (const { node, registration } of gone) {
    const name = ATTRIBUTES.acker(session.reign, node)
    await deletePropertyIf({ name, value: formatRegistration(registration) }, deadline)
  }
}

/** Before they are taken out of the reckoning they are asked with more patience than the look that found them silent. */
async function expectSilence(nodes: readonly string[], session: Session): Promise<void> {
  const views = await Promise.all(nodes.map(node => askInstance(session, node)))
  if (views.every(view => !view.answers && view.silent)) return
  throw new Failure('rejected', `${nodes.join(', ')} do not run in the cluster, but a server there answers`)
}

function expectSource(epoch: number, { record }: ClusterMemory, { node }: Session): SourceRecord {
  if (record?.epoch === epoch && record.node === node) return record
  throw new Failure('rejected', `${node} is not the source of epoch ${epoch} any more`)
}

const guarantee = (value: Guarantee, { reign }: Session): Property => ({
  name: ATTRIBUTES.guarantee(reign),
  value: formatGuarantee(value),
})

/** Wait until so many of these replicas have executed what this source has executed by now, or that is known otherwise. */
async function expectInStep(
  acks: number,
  nodes: readonly string[],
  session: Session,
  isKnown: () => Promise<boolean> = async () => false,
): Promise<void> {
  const { connection, flavour } = await session.talk()
  // With what waits: an acker that is released may have given one of its acknowledgements, which stays counted.
  const written = await readWritten(connection, flavour, session.deadline)
  const deadline: Deadline = session.deadline.within(IN_STEP_MS)
  const isReached = await deadline.poll(50, async () => {
    if (await isKnown()) return true
    const views = await Promise.all(nodes.map(node => askInstance(session, node)))
    return views.filter(view => view.answers && contains(view.executed, written)).length >= acks || undefined
  })
  if (!isReached) throw new Failure('timed-out', `${nodes.join(', ')} have not caught up with ${session.node} yet`)
}
