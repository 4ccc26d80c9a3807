import { setTimeout as delay } from 'node:timers/promises'
import { APPLICATION } from '../../lab/accounts.ts'
import { blockApplier, STOP_APPLIER, setStandby, signalServer, unguarded } from '../../lab/damage.ts'
import { pick } from '../scene.ts'
import type { Fault, Scene } from '../types.ts'

/** Replicas are not as they should be when the source is lost, or have something of their own. */
export const REPLICATION_FAULTS: readonly Fault[] = [
  {
    name: 'stopped-applier',
    title: "a replica's applier stopped, then kill -9 of the primary's server",
    happen: async scene => {
      const { lab, source } = scene
      await lab.sql(pick(scene, 'replica', scene.replicas), STOP_APPLIER[lab.engine.flavour])
      await delay(2000)
      await signalServer(lab, source, 'KILL')
      return { source: 'moves' }
    },
  },
  {
    name: 'undrained',
    title: "all replicas' appliers blocked for 20 s, and after 8 s of it power off of the primary",
    happen: async ({ lab, source, replicas }) => {
      const locks = replicas.map(replica => blockApplier(lab, replica, 20))
      await delay(8000)
      await lab.off(source)
      await Promise.all(locks)
      return { source: 'moves', fenced: [source] }
    },
  },
  {
    name: 'purged',
    title: 'a replica in standby for 10 s, while the primary lets go of the binary logs of that time',
    happen: async scene => {
      const { lab } = scene
      const replica = pick(scene, 'replica', scene.replicas)
      await setStandby(lab, replica, 'on')
      await delay(10_000)
      await purge(scene)
      await setStandby(lab, replica, 'off')
      return { source: 'stays', planned: true }
    },
  },
  {
    name: 'errant',
    title: 'a transaction of its own on a replica',
    happen: async scene => {
      const replica = pick(scene, 'replica', scene.replicas)
      await scene.lab.sql(replica, errant(scene))
      return { source: 'stays', quarantined: [replica] }
    },
    leavesQuarantine: true,
  },
]

/** Delete all binary logs but the one that is written now; what a replica reads at this moment stays. */
async function purge({ lab, source, note }: Scene): Promise<void> {
  await lab.sql(source, 'FLUSH BINARY LOGS')
  const logs = await lab.sql(source, 'SHOW BINARY LOGS')
  await lab.sql(source, `PURGE BINARY LOGS TO '${logs.at(-1)?.[0]}'`)
  const left = await lab.sql(source, 'SHOW BINARY LOGS')
  note(`${logs.length} binary logs before the purge, ${left.length} after it`)
}

const errant = ({ lab }: Scene) =>
  unguarded(lab, `CREATE TABLE ${APPLICATION.database}.errant (id int PRIMARY KEY) ENGINE=InnoDB`)
