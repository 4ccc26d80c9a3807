import type { ClusterStep } from '../../../agent/plan.ts'
import { SCORE } from '../../../agent/score.ts'
import type { Situation } from '../../../agent/situation.ts'
import type { SourceRecord } from '../../../cib/source-record.ts'
import { formatGtidSet } from '../../../lib/mysql/gtid-text.ts'
import { Failure } from '../../../lib/system/failure.ts'
import { amend, expectQuorum } from './cib.ts'
import { factsOf } from './look.ts'
import type { Progress, StepState } from './server-steps.ts'
import { bootOf, type Node, type World } from './world.ts'

type Publication = Extract<ClusterStep, { do: 'publish-source' }>

/** In two moments: a replica may register between them, and is taken along. */
export function publishSource(
  world: World,
  node: Node,
  step: Publication,
  situation: Situation,
  state: StepState,
): Progress {
  if (state.ready) {
    takeAlong(world, node, step.epoch, situation, state)
    return 'done'
  }
  expectQuorum(world, node)
  const { epoch, ackers } = step
  const { memory } = node.cib
  if (memory.record !== undefined && memory.record.epoch >= epoch)
    throw new Failure('rejected', `${memory.record.node} is the source`)
  const first = ackers.map(({ node: name, boot }) => [name, { epoch, boot, at: node.cib.version }] as const)
  node.score = SCORE.source
  if (!step.proven) forgive(world, node)
  const registrations = new Map([...memory.registrations, ...first])
  amend(world, node, { record: recordOf(world, node, step), registrations }, state.members)
  state.ready = true
  return 'waits'
}

function recordOf(world: World, node: Node, { epoch, acks, proven, doubted }: Publication): SourceRecord {
  const facts = factsOf(world, node)
  if (facts.commitsSynced) node.server.unsynced = 0
  return {
    epoch,
    node: node.name,
    acks,
    proven,
    doubted,
    boot: bootOf(node),
    synced: facts.commitsSynced,
    host: node.name,
    port: facts.port,
    server: facts.serverUuid ?? String(facts.serverId),
    binaryLog: { file: 'binlog.000001', position: 4 },
    gtid: formatGtidSet(world.flavour, facts.executed),
    previous: undefined,
  }
}

/** Who was not heard and has registered for an earlier epoch counts in this one. */
function takeAlong(
  world: World,
  node: Node,
  epoch: number,
  { peers, memory }: Situation,
  { members }: StepState,
): void {
  const { registrations } = node.cib.memory
  const heard = peers.filter(({ holdings }) => holdings !== undefined).map(({ node: name }) => name)
  const out = [node.name, memory.record?.node, ...heard]
  const late = [...registrations].flatMap(([name, known]) =>
    !out.includes(name) && known.epoch < epoch ? [[name, { ...known, epoch }] as const] : [],
  )
  if (late.length === 0) return
  expectQuorum(world, node)
  amend(world, node, { registrations: new Map([...registrations, ...late]) }, members)
}

/** Somebody has accepted the loss of what this node lacks. */
function forgive({ acknowledged }: World, { server }: Node): void {
  for (const transaction of acknowledged) if (!server.log.includes(transaction)) acknowledged.delete(transaction)
}
