import { amendCib } from '../cib/amendment.ts'
import { ATTRIBUTES, plainText } from '../cib/attributes.ts'
import { isQuorate, writeProperty } from '../cib/cluster.ts'
import { formatHoldings } from '../cib/holdings.ts'
import { parseMemory } from '../cib/memory.ts'
import { deleteNodeAttribute, writeNodeAttribute, writePermanentAttribute } from '../cib/node-attribute.ts'
import { readPartition } from '../cib/partition.ts'
import { registrationProperty } from '../cib/registration.ts'
import { reignOf } from '../cib/reign.ts'
import { readServer } from '../lib/mysql/read-server.ts'
import type { ServerFacts } from '../lib/mysql/server-facts.ts'
import { Failure } from '../lib/system/failure.ts'
import { isSound } from './acknowledging.ts'
import { lowerGuarantee, raiseGuarantee, releaseAckers, trustCommits } from './apply-guarantee.ts'
import { publishSource } from './apply-publication.ts'
import { settleCommits } from './commits.ts'
import { remedyOn } from './divergence.ts'
import { errant, holds, withoutWritesOf } from './holds.ts'
import type { ClusterStep } from './plan.ts'
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
    case 'trust-commits':
      return trustCommits(step, session)
    case 'release-ackers':
      return releaseAckers(step, session)
    case 'quarantine':
      return quarantine(step.because, session)
  }
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
  const change = registrationProperty(reign, node, { epoch, boot, at: Date.now() })
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
