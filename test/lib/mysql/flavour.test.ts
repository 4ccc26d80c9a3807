import { expect, test } from 'vitest'
import { detectFlavour, type Flavour, formerName, todaysName } from '../../../lib/mysql/flavour.ts'
import { Deadline } from '../../../lib/system/deadline.ts'
import { answers, ENGINES, type EngineName, replay } from './answers.ts'

const detect = (engine: EngineName): Promise<Flavour> =>
  detectFlavour(replay(answers(engine, 'source')), Deadline.in(10_000))

test.each(ENGINES)('%s is told by itself, not by its version', async engine => {
  const flavour = await detect(engine)
  expect(engine.startsWith(flavour.name)).toBe(true)
  expect(flavour.version).toContain(engine.replace(/.*-/, ''))
})

test('a server that does not say its version is not understood', async () => {
  const mute = replay(new Map([['SELECT VERSION() AS version /*M! , 1 AS is_mariadb */', []]]))
  await expect(detectFlavour(mute, Deadline.in(10_000))).rejects.toMatchObject({ kind: 'unintelligible' })
})

const OPTIONS = { HOST: "'SOURCE_'", PORT: '3306' }

test('to change the source is said in the words of MySQL', async () => {
  const { changeSource } = await detect('mysql-9.7')
  expect(changeSource(OPTIONS)).toBe(
    "CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'SOURCE_', SOURCE_PORT = 3306, GET_SOURCE_PUBLIC_KEY = 1 FOR CHANNEL ''",
  )
})

test('to change the source is said in the words of MariaDB, and values stay as they are', async () => {
  const { changeSource } = await detect('mariadb-10.11')
  expect(changeSource(OPTIONS)).toBe("CHANGE MASTER TO MASTER_HOST = 'SOURCE_', MASTER_PORT = 3306")
})

test.each([
  ['Relay_Master_Log_File', 'Relay_Source_Log_File'],
  ['Slave_SQL_Running', 'Replica_SQL_Running'],
  ['rpl_semi_sync_slave_delay_master', 'rpl_semi_sync_replica_delay_source'],
  ['Source_Host', 'Source_Host'],
])('%s is called %s today', (former, todays) => {
  expect(todaysName(former)).toBe(todays)
})

test('a variable of today has its former name where the server knows no other', () => {
  expect(formerName('rpl_semi_sync_source_wait_for_replica_count')).toBe('rpl_semi_sync_master_wait_for_slave_count')
})
