import { isSound } from '../../../agent/acknowledging.ts'
import { holds } from '../../../agent/holds.ts'
import type { Peer, Situation } from '../../../agent/situation.ts'
import { decide } from '../../../agent/transitions.ts'
import type { Notification } from '../../../cib/notification.ts'
import { factsOf, notice } from './look.ts'
import { held } from './server.ts'
import { setOf } from './transaction.ts'
import { bootOf, find, majorityOf, type Node, type World } from './world.ts'

/**
 * Elections that could be held in this very moment: whoever is the candidate and whichever of the others answer, nobody may be
 * promoted without every acknowledged write. Answers the sentence of a promotion that would lose one.
 */
export function badHearing(world: World): string | undefined {
  if (world.acknowledged.size === 0) return undefined
  const nodes = majorityOf(world).filter(({ server }) => server.process === 'serving')
  const peers = nodes.map(node => peerOf(world, node))
  const [names, choices] = [nodes.map(({ name }) => name), subsets(peers)]
  for (const candidate of nodes) {
    const situation = electing(world, candidate, names)
    for (const answering of choices) {
      if (answering.some(({ node }) => node === candidate.name)) continue
      const silent = names.filter(name => name !== candidate.name && !answering.some(({ node }) => node === name))
      const heard = [...answering, ...silent.map(node => ({ node, holdings: undefined }))]
      const because = hear(world, candidate, { ...situation, peers: heard })
      if (because !== undefined) return because
    }
  }
  return undefined
}

function hear(world: World, candidate: Node, situation: Situation): string | undefined {
  const plan = decide('promote', situation)
  const publication = plan.steps.find(step => step.do === 'publish-source')
  if (publication?.do !== 'publish-source' || !publication.proven) return undefined
  const from = plan.steps.flatMap(step => (step.do === 'catch-up-from' ? [find(world, step.peer.node)] : []))
  const taken = [candidate, ...from].flatMap(({ server }) => held(server))
  const lost = [...world.acknowledged].filter(transaction => !taken.includes(transaction)).map(({ name }) => name)
  if (lost.length === 0) return undefined
  const heard = situation.peers.filter(({ holdings }) => holdings !== undefined).map(({ node }) => node)
  return `LOST: ${lost.join(', ')}, if ${heard.join(', ') || 'nobody'} answered: ${plan.because}`
}

/** What the candidate would see of itself, its receiver stopped and its relay log read. */
function electing(world: World, candidate: Node, names: readonly string[]): Situation {
  const noticed = notice(world, candidate, 'promote', { ...NOBODY, active: names, unpromoted: names })
  return { ...noticed, instance: { state: 'unpromoted', facts: still(world, candidate) } }
}

function peerOf(world: World, node: Node): Peer {
  const situation = notice(world, node, 'pre-promote', undefined)
  const facts = still(world, node)
  const found = holds(situation, facts)
  const epoch = situation.memory.record?.epoch ?? 0
  return {
    node: node.name,
    holdings: found && { epoch, held: found, sound: isSound(situation, facts), boot: bootOf(node) },
  }
}

function still(world: World, node: Node): ReturnType<typeof factsOf> {
  const facts = { ...factsOf(world, node), writable: false }
  const { replication } = facts
  const received = setOf(world.flavour, node.server.relay)
  return { ...facts, replication: replication && { ...replication, receiver: 'stopped', received } }
}

const NOBODY: Notification = {
  event: undefined,
  active: [],
  promoted: [],
  unpromoted: [],
  starting: [],
  stopping: [],
  promoting: [],
  demoting: [],
}

function subsets<T>(list: readonly T[]): readonly (readonly T[])[] {
  const [first, ...rest] = list
  if (first === undefined) return [[]]
  return subsets(rest).flatMap(some => [some, [first, ...some]])
}
