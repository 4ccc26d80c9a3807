import { setTimeout as delay } from 'node:timers/promises'
import { Deadline } from '../../../lib/system/deadline.ts'
import { dropReplication } from '../../lab/damage.ts'
import type { Lab } from '../../lab/lab.ts'
import { pick } from '../scene.ts'
import type { Expectations, Fault } from '../types.ts'

/** After some seconds without acknowledgements the source goes on alone; then it alone may be promoted again. */
const oneWay = (seconds: number, after: Pick<Expectations, 'source'>): Fault => ({
  name: `one-way-${seconds}`,
  title: `replication from the primary dropped for ${seconds} s while clients get through, then power off`,
  happen: async ({ lab, source }) => {
    await dropReplication(lab, source)
    await delay(seconds * 1000)
    await lab.off(source)
    return { ...after, fenced: [source] }
  },
})

/** The network fails, wholly or in one direction. */
export const NETWORK_FAULTS: readonly Fault[] = [
  {
    name: 'cut-source',
    title: 'cable of the primary cut; plugged in again after fencing',
    happen: async ({ lab, source }) => {
      await cutUntilFenced(lab, source)
      return { source: 'moves', fenced: [source] }
    },
  },
  {
    name: 'cut-replica',
    title: 'cable of a replica cut; plugged in again after fencing',
    happen: async scene => {
      const replica = pick(scene, 'replica', scene.replicas)
      await cutUntilFenced(scene.lab, replica)
      return { source: 'stays', fenced: [replica] }
    },
  },
  oneWay(3, { source: 'moves' }),
  oneWay(15, {}),
]

async function cutUntilFenced(lab: Lab, node: string): Promise<void> {
  const since = Date.now()
  await lab.cut(node)
  const isFenced = async () => {
    const events = await lab.powerLog()
    return events.some(({ action, machine, at }) => action === 'reboot' && machine === node && at >= since) || undefined
  }
  try {
    await lab.waitFor(`${node} fenced`, isFenced, Deadline.in(60_000))
  } finally {
    await lab.heal(node)
  }
}
