import { isComplete } from '../../../agent/acknowledging.ts'
import { attach } from './detach.ts'
import { happen } from './event.ts'
import { write } from './flow.ts'
import { act, canElect, elect, join, lose } from './pacemaker.ts'
import { powerOn } from './power.ts'
import { kill } from './server.ts'
import { flow } from './work.ts'
import { bootOf, type Node, sourceOf, type World, wordOf } from './world.ts'

/** Everything that went wrong has come to an end: machines are on, nodes see each other, no server hangs. */
export function endFaults(world: World): void {
  world.cuts.clear()
  for (const node of world.nodes) node.isDoomed = false
  const [first, ...others] = world.nodes.toSorted((a, b) => b.cib.version - a.cib.version)
  for (const node of world.nodes) if (!node.up) powerOn(node)
  for (const { server } of world.nodes) if (server.process === 'hung') kill(server)
  for (const node of others) if (first) join(world, node, first)
  for (const node of world.nodes) attach(world, node)
}

const ROUNDS = 40

/** Pacemaker starts instances before it promotes one; every so many rounds it does not wait for one that will not start. */
const PATIENCE = 5

const isStarting = ({ nodes }: World) => nodes.some(({ up, pacemaker, role }) => up && pacemaker && role === 'stopped')

/** Pacemaker does its work and replication flows, for as long as it takes. Answers whether it came to a write that is acknowledged. */
export function recover(world: World): boolean {
  for (let round = 0; round < ROUNDS; round++) {
    for (const node of world.nodes) workOn(world, node)
    const best = world.nodes.filter(node => canElect(world, node)).toSorted((a, b) => rank(b) - rank(a))[0]
    if (isStarting(world) && round % PATIENCE > 0) continue
    if (world.election === undefined || world.election.stage === 'after') {
      if (best && rank(best) >= 0) elect(world, best, () => false)
    }
    if (isAcknowledging(world)) return true
  }
  return false
}

function workOn(world: World, node: Node): void {
  for (let moment = 0; moment < 40; moment++) {
    act(world, node)
    for (const one of world.nodes) flow(world, one)
    if (node.action === undefined) return
  }
  lose(world, node)
}

const rank = ({ score }: Node) => (typeof score === 'number' ? score : -1)

/** A client writes, and is told that it has been done. */
function isAcknowledging(world: World): boolean {
  const source = world.nodes.find(({ server }) => server.writable)
  if (source === undefined || source.role !== 'promoted' || source.failed || source.action) return false
  const transaction = write(world, source, true)
  for (const one of world.nodes) flow(world, one)
  return world.acknowledged.has(transaction)
}

/**
 * Where the source may have lost with its power what nobody else is sure to have, an operator decides whom to promote. Answers
 * whether it came to a write that is acknowledged.
 */
export function recoverWithLoss(world: World): boolean {
  const [memory, source] = [wordOf(world), sourceOf(world)]
  const record = memory?.record
  if (!record || !source || isComplete({ boot: bootOf(source), memory }, record)) return false
  return world.nodes.some((one, node) => {
    if (one === source) return false
    happen(world, { what: 'accept loss', node, other: node, how: 0 })
    recover(world)
    rebuildAll(world)
    return recover(world)
  })
}

/** Operators rebuild what is in quarantine. */
export function rebuildAll(world: World): void {
  const source = world.nodes.findIndex(({ name, cib }) => cib.memory.record?.node === name)
  for (const [node] of world.nodes.entries()) happen(world, { what: 'rebuild', node, other: source, how: 0 })
}
