import { describe, expect, test } from 'vitest'
import { Deadline } from '../../lib/system/deadline.ts'
import { waitUntilCertified } from '../chaos/certified.ts'
import { waitUntilHealthy } from '../lab/heir-cluster.ts'
import { evenRows } from '../lab/held-rows.ts'
import { judge } from '../lab/judge.ts'
import { clusterUnderLoad } from '../lab/under-load.ts'
import { READERS } from './prm/readers.ts'
import { ROLES } from './prm/roles.ts'
import { PARAMETERS, soon } from './prm/stage.ts'

/** What replicas keep up with on a busy machine, where each event costs an fsync: lag is to come from what happens here alone. */
const RATE = 40

/**
 * The scenarios that the Percona replication manager was tested with. Hand-over (T02) and a killed server (T03) are in
 * failover.test.ts, for both flavours, and the position after a crash (T10) there and, without GTIDs, in coordinates.test.ts.
 */
const SCENARIOS = [...READERS, ...ROLES]

describe.each(['mariadb-10.11', 'mariadb-11.8', 'mysql-9.7'] as const)('%s', engine => {
  const cluster = clusterUnderLoad({ engine, parameters: PARAMETERS }, RATE)

  test.each(SCENARIOS)('$title', async ({ play }) => {
    const { lab, load } = cluster()
    const source = await waitUntilCertified(lab, Deadline.in(180_000))
    const [replica = '', other = ''] = lab.nodes.filter(node => node !== source)
    await play({ lab, load, source, replica, other })
  })

  test('every node holds every acknowledged write in the end, and nothing that nobody sent', async () => {
    const { lab, load } = cluster()
    const attempts = await load.stop()
    await waitUntilHealthy(lab, soon())
    const verdicts = judge(attempts, await evenRows(lab))
    for (const { missing, foreign } of verdicts) expect([missing, foreign]).toEqual([[], []])
  })
})
