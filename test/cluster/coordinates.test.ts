import { expect, test } from 'vitest'
import { faultNamed } from '../chaos/faults.ts'
import { trial } from '../chaos/trial.ts'
import { clusterUnderLoad } from '../lab/under-load.ts'

/** Servers without GTIDs: replicas start at the file and position that the source wrote into the cluster. */
const cluster = clusterUnderLoad({ engine: 'mysql-9.7', gtid: false })

test('without GTIDs a hand-over loses nothing, and all nodes follow by file and position', async () => {
  const { lab, load } = cluster()
  expect((await lab.sql('node1', 'SELECT @@gtid_mode'))[0]).toEqual(['OFF'])
  const outcome = await trial(lab, load, faultNamed('switchover'))
  expect(outcome).toMatchObject({ lost: 0 })
  const query = ['crm_attribute', '--type', 'crm_config', '--name', 'db-source', '--query', '--quiet']
  const { stdout } = await lab.exec(outcome.after, query)
  expect(stdout).toMatch(/ log=binlog\.\d+ pos=\d+ gtid= previous_log=binlog\.\d+ previous_pos=\d+/)
})
