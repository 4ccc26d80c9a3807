import { setTimeout as delay } from 'node:timers/promises'
import { draw, pick } from '../scene.ts'
import type { Fault, Scene } from '../types.ts'

/** Machines lose their power. */
export const POWER_FAULTS: readonly Fault[] = [
  {
    name: 'off-source',
    title: 'power off of the primary',
    happen: async ({ lab, source }) => {
      await lab.off(source)
      return { source: 'moves', fenced: [source] }
    },
  },
  {
    name: 'off-replica',
    title: 'power off of a replica',
    happen: async scene => {
      const replica = pick(scene, 'replica', scene.replicas)
      await scene.lab.off(replica)
      return { source: 'stays', fenced: [replica] }
    },
  },
  {
    name: 'off-dc',
    title: 'power off of the node whose controller decides',
    happen: async ({ lab, dc, source, note }) => {
      note(`the DC is ${dc}${dc === source ? ', the primary itself' : ''}`)
      await lab.off(dc)
      return { source: dc === source ? 'moves' : 'stays', fenced: [dc] }
    },
  },
  {
    name: 'off-source-and-replica',
    title: 'power off of the primary and a replica together; their power is back after some seconds',
    happen: scene => offAndOn(scene, [scene.source, pick(scene, 'replica', scene.replicas)]),
  },
  {
    name: 'off-all',
    title: 'power off of all nodes; it is back after some seconds',
    happen: scene => offAndOn(scene, scene.lab.nodes),
  },
]

/** Without quorum nobody is fenced; a node that is late when the others meet again may be. */
async function offAndOn(scene: Scene, nodes: readonly string[]) {
  const { lab } = scene
  await Promise.all(nodes.map(node => lab.off(node)))
  await delay(draw(scene, 'seconds without power', 2, 10) * 1000)
  await Promise.all(nodes.map(node => lab.start(node)))
  return { fenced: nodes }
}
