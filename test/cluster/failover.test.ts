import { describe, expect, test } from 'vitest'
import { Deadline } from '../../lib/system/deadline.ts'
import { faultNamed } from '../chaos/faults.ts'
import { trial } from '../chaos/trial.ts'
import { waitUntilHealthy } from '../lab/heir-cluster.ts'
import { heldRows } from '../lab/held-rows.ts'
import { judge } from '../lab/judge.ts'
import { clusterUnderLoad } from '../lab/under-load.ts'

describe.each(['mariadb-10.11', 'mysql-9.7'] as const)('%s', engine => {
  const cluster = clusterUnderLoad({ engine })

  test.each(['kill-source', 'off-source', 'switchover'].map(faultNamed))(
    '$title: nothing is lost and all nodes are back',
    async fault => {
      const { lab, load } = cluster()
      const outcome = await trial(lab, load, fault)
      expect(outcome).toMatchObject({ lost: 0 })
      expect(outcome.after).not.toBe(outcome.before)
    },
  )

  test('every node holds every acknowledged write in the end, and nothing that nobody sent', async () => {
    const { lab, load } = cluster()
    const attempts = await load.stop()
    await waitUntilHealthy(lab, Deadline.in(60_000))
    const verdicts = judge(attempts, await heldRows(lab, lab.nodes))
    for (const { missing, foreign } of verdicts) expect([missing, foreign]).toEqual([[], []])
    expect(new Set(verdicts.map(({ rows }) => rows)).size).toBe(1)
    expect(attempts.length).toBeGreaterThan(1000)
  })

  test('the record names the source, its epoch, its log file and position', async () => {
    const { lab } = cluster()
    const source = await waitUntilHealthy(lab, Deadline.in(60_000))
    const query = ['crm_attribute', '--type', 'crm_config', '--name', 'db-source', '--query', '--quiet']
    const { stdout } = await lab.exec(source, query)
    expect(stdout.trim()).toMatch(
      new RegExp(
        `^epoch=[4-9] node=${source} acks=1 proven=yes boot=\\w+ synced=yes host=${source} port=3306 .*log=binlog\\.\\d+ pos=\\d+ `,
      ),
    )
  })

  test('a hand-over leaves no constraint behind', async () => {
    const { lab } = cluster()
    const { stdout } = await lab.exec(lab.nodes[0] ?? '', ['cibadmin', '--query', '--scope', 'constraints'])
    expect(stdout).not.toMatch(/cli-(?:ban|prefer)/)
  })
})
