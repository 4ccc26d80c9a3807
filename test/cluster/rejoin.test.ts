import { describe, expect, test } from 'vitest'
import { Deadline } from '../../lib/system/deadline.ts'
import { waitUntilCertified } from '../chaos/certified.ts'
import { quarantineOf } from '../chaos/observe-node.ts'
import { APPLICATION } from '../lab/accounts.ts'
import { runOn, unguarded } from '../lab/damage.ts'
import { waitUntilHealthy } from '../lab/heir-cluster.ts'
import { heldRows } from '../lab/held-rows.ts'
import { judge } from '../lab/judge.ts'
import type { Lab } from '../lab/lab.ts'
import { clusterUnderLoad } from '../lab/under-load.ts'

const TABLE = `${APPLICATION.database}.own`
const HAS_TABLE = `SELECT 1 FROM information_schema.tables WHERE table_schema = '${APPLICATION.database}' AND table_name = 'own'`
const WITHIN = 90_000
const REBUILDING = 300_000

describe.each(['mariadb-10.11', 'mysql-9.7'] as const)('%s', engine => {
  const cluster = clusterUnderLoad({ engine })

  /** Write to a replica, and wait until the cluster has seen it. */
  const diverge = async (lab: Lab, id: number): Promise<{ readonly source: string; readonly replica: string }> => {
    const source = await waitUntilCertified(lab, Deadline.in(WITHIN))
    const replica = lab.nodes.find(node => node !== source) ?? expect.fail('there is no replica')
    await lab.sql(source, `CREATE TABLE IF NOT EXISTS ${TABLE} (id INT PRIMARY KEY) ENGINE = InnoDB`)
    const hasTable = async () => (await lab.sql(replica, HAS_TABLE)).length > 0 || undefined
    await lab.waitFor('the table on the replica', hasTable, Deadline.in(WITHIN))
    await lab.sql(replica, unguarded(lab, `INSERT INTO ${TABLE} VALUES (${id})`))
    const reason = await lab.waitFor('a quarantine', () => quarantineOf(lab, replica), Deadline.in(WITHIN))
    expect(reason).toMatch(
      new RegExp(`${replica} holds transactions that ${source} lacks: .*run heir rejoin on ${replica}`),
    )
    return { source, replica }
  }

  test('a replica that was written to comes back with its own row by heir rejoin --keep', async () => {
    const { lab } = cluster()
    const { replica } = await diverge(lab, 1)
    const shown = await runOn(lab, replica, ['heir', 'rejoin'])
    expect(shown).toMatch(/INSERT INTO `lab`\.`own`\n {2}SET\n {4}@1=1\b/)
    expect(await runOn(lab, replica, ['heir', 'rejoin', '--keep'])).toMatch(/stay on \S+ alone/)
    const source = await waitUntilCertified(lab, Deadline.in(WITHIN))
    expect([
      await lab.sql(replica, `SELECT id FROM ${TABLE}`),
      await lab.sql(source, `SELECT id FROM ${TABLE}`),
    ]).toEqual([[['1']], []])
    await lab.sql(replica, unguarded(lab, `SET SESSION sql_log_bin = OFF; DELETE FROM ${TABLE}`))
  })

  test('what a replica alone holds is saved for root', async () => {
    const { lab } = cluster()
    const { replica } = await diverge(lab, 2)
    await runOn(lab, replica, ['heir', 'rejoin', '--save', '/root/own.sql'])
    expect(await runOn(lab, replica, ['stat', '--format=%a', '/root/own.sql'])).toBe('600')
    expect(await runOn(lab, replica, ['cat', '/root/own.sql'])).toMatch(/^BINLOG '/m)
    await runOn(lab, replica, ['heir', 'rejoin', '--keep'])
    await lab.sql(replica, unguarded(lab, `SET SESSION sql_log_bin = OFF; DELETE FROM ${TABLE}`))
    await waitUntilCertified(lab, Deadline.in(WITHIN))
  })

  test('a replica that was written to comes back without its own row by heir rejoin --discard', async () => {
    const { lab } = cluster()
    const { replica } = await diverge(lab, 3)
    const said = await runOn(lab, replica, ['heir', 'rejoin', '--discard'], { deadline: Deadline.in(REBUILDING) })
    expect(said).toMatch(/what only \S+ held is kept in \/var\/lib\/heir\/db-/)
    await waitUntilCertified(lab, Deadline.in(WITHIN))
    expect(await lab.sql(replica, `SELECT id FROM ${TABLE}`)).toEqual([])
  })

  test('every node holds every acknowledged write in the end, and nothing that nobody sent', async () => {
    const { lab, load } = cluster()
    const attempts = await load.stop()
    await waitUntilHealthy(lab, Deadline.in(60_000))
    const verdicts = judge(attempts, await heldRows(lab, lab.nodes))
    for (const { missing, foreign } of verdicts) expect([missing, foreign]).toEqual([[], []])
    expect(new Set(verdicts.map(({ rows }) => rows)).size).toBe(1)
  })
})
