import { expect } from 'vitest'
import { ATTRIBUTES } from '../../../cib/attributes.ts'
import { APPLICATION } from '../../lab/accounts.ts'
import { blockApplier, runOn, START_APPLIER, unguarded } from '../../lab/damage.ts'
import { RESOURCE } from '../../lab/heir-cluster.ts'
import type { Lab } from '../../lab/lab.ts'
import { attribute, readersAt, type Scenario, score, soon } from './stage.ts'

const HEARTBEATS = 'heir.heartbeat'

const serverOf = (lab: Lab, node: string) => runOn(lab, node, ['cat', '/run/mysqld/mysqld.pid'])

/** Where the addresses for readers go. */
export const READERS: readonly Scenario[] = [
  {
    title: 'T01: after a start each replica has an address for readers',
    play: ({ lab, replica, other }) => readersAt(lab, replica, other),
  },
  {
    title: 'T04: readers leave a replica that lags, and all of them, and come back; no server is restarted',
    play: async ({ lab, source, replica, other }) => {
      const servers = await Promise.all([replica, other].map(node => serverOf(lab, node)))
      const first = blockApplier(lab, replica, 75)
      await readersAt(lab, other, other)
      await score(lab, replica, '100')
      const second = blockApplier(lab, other, 45)
      await readersAt(lab, source, source)
      await Promise.all([first, second])
      await readersAt(lab, replica, other)
      expect(await Promise.all([replica, other].map(node => serverOf(lab, node)))).toEqual(servers)
    },
  },
  {
    title: 'T04: by heartbeats, which the source writes and replicas read',
    play: async ({ lab, source, replica, other }) => {
      const columns = 'server_id INT UNSIGNED PRIMARY KEY, at TIMESTAMP(6) NOT NULL'
      await lab.sql(source, `CREATE DATABASE heir; CREATE TABLE ${HEARTBEATS} (${columns}) ENGINE = InnoDB`)
      const set = ['--set-parameter', 'heartbeat_table', '--parameter-value', HEARTBEATS]
      await runOn(lab, source, ['crm_resource', '--resource', RESOURCE, ...set])
      const beats = async () => {
        const [[age] = []] = await lab.sql(replica, `SELECT MAX(at) > NOW(6) - INTERVAL 6 SECOND FROM ${HEARTBEATS}`)
        return age === '1' || undefined
      }
      await lab.waitFor(`heartbeats on ${replica}`, beats, soon())
      const blocked = blockApplier(lab, replica, 45)
      await readersAt(lab, other, other)
      await blocked
      await readersAt(lab, replica, other)
    },
  },
  {
    title: 'T05: readers leave a replica whose replication is broken, the cluster says why, and they come back with it',
    play: async ({ lab, source, replica, other }) => {
      const table = `${APPLICATION.database}.broken`
      await lab.sql(source, `CREATE TABLE ${table} (id INT PRIMARY KEY) ENGINE = InnoDB`)
      const hasTable = () =>
        lab.sql(replica, `SELECT COUNT(*) FROM ${table}`).then(
          () => true,
          () => undefined,
        )
      await lab.waitFor('the table', hasTable, soon())
      await lab.sql(replica, unguarded(lab, `SET SESSION sql_log_bin = OFF; INSERT INTO ${table} VALUES (1)`))
      await lab.sql(source, `INSERT INTO ${table} VALUES (1)`)
      await readersAt(lab, other, other)
      await score(lab, replica, '-INFINITY')
      const says = async () => (await attribute(lab, replica, ATTRIBUTES.degraded(RESOURCE))) || undefined
      expect(await lab.waitFor('a complaint', says, soon())).toMatch(/applier that stopped with an error: .*1062/)
      await lab.sql(replica, unguarded(lab, `SET SESSION sql_log_bin = OFF; DELETE FROM ${table}`))
      await lab.sql(replica, START_APPLIER[lab.engine.flavour])
      await readersAt(lab, replica, other)
    },
  },
]
