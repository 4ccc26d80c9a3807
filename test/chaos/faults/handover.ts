import { setTimeout as delay } from 'node:timers/promises'
import { Deadline } from '../../../lib/system/deadline.ts'
import { APPLICATION } from '../../lab/accounts.ts'
import { setStandby, switchOver } from '../../lab/damage.ts'
import type { Lab } from '../../lab/lab.ts'
import { WRITER_VIP } from '../../lab/network-plan.ts'
import { otherSource } from '../other-source.ts'
import { pick } from '../scene.ts'
import type { Expectations, Fault, Scene } from '../types.ts'

const PLANNED: Expectations = { source: 'moves', planned: true }

const TABLE = `${APPLICATION.database}.long_ones`

/** Somebody moves the source's role on purpose. */
export const HANDOVER_FAULTS: readonly Fault[] = [
  {
    name: 'switchover',
    title: 'hand-over by plan',
    happen: async scene => {
      await switchOver(scene.lab, pick(scene, 'target', scene.replicas))
      return PLANNED
    },
  },
  {
    name: 'standby',
    title: 'primary put into standby, and taken back',
    happen: async ({ lab, source }) => {
      await setStandby(lab, source, 'on')
      await otherSource(lab, source, Deadline.in(90_000))
      await setStandby(lab, source, 'off')
      return PLANNED
    },
  },
  {
    name: 'long-transaction',
    title: 'hand-over while a transaction with 100,000 rows is open',
    happen: scene => handOverDuring(scene, `BEGIN; ${MANY_ROWS}; DO SLEEP(100); COMMIT`),
  },
  {
    name: 'long-statement',
    title: 'hand-over while a statement changes rows for 100 s',
    happen: scene => handOverDuring(scene, `INSERT INTO ${TABLE} SELECT seq, SLEEP(1) FROM (${sequence(100)}) numbers`),
  },
  {
    name: 'acker-down',
    title: 'power off of a replica, and at once a hand-over to the other one',
    happen: async scene => {
      const target = pick(scene, 'target', scene.replicas)
      const down = scene.replicas.filter(node => node !== target)
      await Promise.all(down.map(node => scene.lab.off(node)))
      await switchOver(scene.lab, target)
      return { source: 'moves', fenced: down }
    },
  },
]

/** A query of the numbers from 1 on, as MySQL and MariaDB both take it without settings. */
const sequence = (count: number) =>
  `WITH RECURSIVE digits(d) AS (SELECT 0 UNION ALL SELECT d + 1 FROM digits WHERE d < 9)
   SELECT 1 + a.d + 10*b.d + 100*c.d + 1000*e.d + 10000*f.d AS seq
   FROM digits a, digits b, digits c, digits e, digits f LIMIT ${count}`

const MANY_ROWS = `INSERT INTO ${TABLE} SELECT seq, 0 FROM (${sequence(100_000)}) numbers`

async function handOverDuring(scene: Scene, statements: string): Promise<Expectations> {
  const { lab, source, note } = scene
  await lab.sql(source, `CREATE TABLE IF NOT EXISTS ${TABLE} (id int PRIMARY KEY, slept int) ENGINE=InnoDB`)
  await lab.sql(source, `DELETE FROM ${TABLE}`)
  const long = asApplication(lab, source, statements)
  await delay(5000)
  await switchOver(lab, pick(scene, 'target', scene.replicas))
  note(`the client of the long work was told: ${await long}`)
  return PLANNED
}

/** What a client on a node is told in the end, through the writers' address. */
async function asApplication(lab: Lab, node: string, statements: string): Promise<string> {
  const { user, password } = APPLICATION
  const login = [`--host=${WRITER_VIP}`, `--user=${user}`, `--password=${password}`]
  const argv = [lab.engine.client, ...login, '--execute', statements]
  const { exitCode, stderr } = await lab.exec(node, argv, { deadline: Deadline.in(150_000) })
  return exitCode === 0 ? 'OK' : stderr
}
