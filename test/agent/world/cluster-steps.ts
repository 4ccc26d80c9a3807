import { isSound } from '../../../agent/acknowledging.ts'
import { certifiedAcks, keepsCommits } from '../../../agent/durability.ts'
import { holds } from '../../../agent/holds.ts'
import type { ClusterStep, ProcessStep } from '../../../agent/plan.ts'
import type { Situation } from '../../../agent/situation.ts'
import { uncheckedCut } from '../../../agent/unchecked-cut.ts'
import type { Guarantee } from '../../../cib/guarantee.ts'
import type { SourceRecord } from '../../../cib/source-record.ts'
import { Failure } from '../../../lib/system/failure.ts'
import { amend, expectQuorum, remember } from './cib.ts'
import { factsOf } from './look.ts'
import { publishSource } from './publication.ts'
import { countInStep, type Progress, type StepState, waiting } from './server-steps.ts'
import { bootOf, isQuorate, type Node, type World } from './world.ts'

/** What a step does to the cluster's memory. Throws Failure as the real one does. */
export function performOnCluster(
  world: World,
  node: Node,
  step: ClusterStep,
  situation: Situation,
  state: StepState,
): Progress {
  switch (step.do) {
    case 'publish-source':
      return publishSource(world, node, step, situation, state)
    case 'publish-holdings':
      return publishHoldings(world, node, step.epoch, situation)
    case 'retract-holdings':
      node.holdings = undefined
      return 'done'
    case 'publish-handover':
      return publishHandover(world, node, step.epoch, situation)
    case 'register-acker':
      return register(world, node, step.epoch, state)
    case 'lower-guarantee':
      expectSource(world, node, step.epoch)
      amend(world, node, { guarantee: { epoch: step.epoch, acks: step.acks, synced: step.synced } }, step.witnesses)
      return 'done'
    case 'raise-guarantee':
      if (node.server.acknowledged > state.begunCommits)
        state.ready = true // a later commit was, so all before it are there
      else if (!isInStep(world, node, step.ackers, step.acks, state)) return 'waits'
      return strengthen(world, node, step.epoch, { acks: step.acks })
    case 'trust-commits':
      if (!state.ready) return sync(node, state)
      return strengthen(world, node, step.epoch, { synced: true })
    case 'release-ackers':
      if (!isInStep(world, node, step.left, step.acks, state)) return 'waits'
      return release(world, node, step)
    case 'quarantine':
      return quarantine(world, node, step.because)
  }
}

type Step<Name extends ClusterStep['do']> = Extract<ClusterStep, { do: Name }>

function publishHoldings(world: World, node: Node, epoch: number, situation: Situation): Progress {
  const facts = factsOf(world, node)
  const held = holds(situation, facts)
  if (held) node.holdings = { epoch, held, sound: isSound(situation, facts), boot: bootOf(node) }
  return 'done'
}

function publishHandover(world: World, node: Node, epoch: number, situation: Situation): Progress {
  if (node.server.sourceEnabled && waiting(node) > 0) return 'waits'
  const facts = factsOf(world, node)
  const held = holds(situation, facts)
  if (!isQuorate(world, node)) return 'done'
  if (facts.writable || !held) throw new Failure('rejected', `${node.name} is still written to`)
  remember(world, node, { handover: { epoch, held, sound: true, boot: bootOf(node) } })
  return 'done'
}

function register(world: World, node: Node, epoch: number, { members }: StepState): Progress {
  expectQuorum(world, node)
  const registration = { epoch, boot: bootOf(node), at: node.cib.version }
  const registrations = new Map([...node.cib.memory.registrations, [node.name, registration] as const])
  amend(world, node, { registrations }, members)
  if (node.cib.memory.record?.epoch !== epoch) throw new Failure('rejected', `epoch ${epoch} is over`)
  return 'done'
}

/** All that it has committed is on its disk; said in a moment before it is told. */
function sync({ server }: Node, state: StepState): Progress {
  server.unsynced = 0
  state.ready = true
  return 'waits'
}

function strengthen(world: World, node: Node, epoch: number, change: Partial<Guarantee>): Progress {
  const record = expectSource(world, node, epoch)
  const { memory } = node.cib
  const known = { epoch, acks: certifiedAcks(record, memory), synced: keepsCommits(record, memory) }
  remember(world, node, { guarantee: { ...known, ...change } })
  return 'done'
}

function expectSource(world: World, node: Node, epoch: number): SourceRecord {
  const { record } = node.cib.memory
  expectQuorum(world, node)
  if (record?.epoch === epoch && record.node === node.name) return record
  throw new Failure('rejected', `${node.name} is not the source of epoch ${epoch} any more`)
}

/** Whether so many have executed what this source had written when the step began; said in a moment before it is acted on. */
function isInStep(world: World, node: Node, nodes: readonly string[], acks: number, state: StepState): boolean {
  if (state.ready) return true
  state.ready = countInStep(world, node, nodes, state.target) >= acks
  return false
}

function release(world: World, node: Node, { gone }: Step<'release-ackers'>): Progress {
  expectQuorum(world, node)
  const registrations = new Map(node.cib.memory.registrations)
  for (const { node: name, registration } of gone) {
    const { epoch, boot, at } = registrations.get(name) ?? {}
    if (epoch === registration.epoch && boot === registration.boot && at === registration.at) registrations.delete(name)
  }
  remember(world, node, { registrations })
  return 'done'
}

export function quarantine(world: World, node: Node, because: string): Progress {
  remember(world, node, { quarantines: new Map([...node.cib.memory.quarantines, [node.name, because]]) })
  return 'done'
}

/** A cut comes with a quarantine that only its check takes away. */
export function guardCut(world: World, node: Node, step: ProcessStep): void {
  if (step.do === 'cut-tail') quarantine(world, node, uncheckedCut(step.cut))
  if (step.do !== 'check-cut') return
  const isProven = world.flavour === 'mysql' || !node.server.tainted
  if (!isProven) quarantine(world, node, 'its engine may have committed what was cut')
  else if (node.cib.memory.quarantines.get(node.name) === uncheckedCut(step.cut)) {
    const quarantines = new Map(node.cib.memory.quarantines)
    quarantines.delete(node.name)
    remember(world, node, { quarantines })
  }
}
