import { expect, test } from 'vitest'
import type { Row } from '../../../lib/mysql/connection.ts'
import { detectFlavour } from '../../../lib/mysql/flavour.ts'
import { readReplicaStatus, toReplication } from '../../../lib/mysql/replica-status.ts'
import { Deadline } from '../../../lib/system/deadline.ts'
import { answers, ENGINES, type EngineName, replay } from './answers.ts'

const soon = Deadline.in(10_000)

/** A real replica's status in today's words, with some columns changed. */
async function status(engine: EngineName, change: Row = {}): Promise<Row> {
  const session = replay(answers(engine, 'replica'))
  const row = await readReplicaStatus(session, await detectFlavour(session, soon), soon)
  if (row === undefined) throw new Error('the record has no replica')
  return { ...row, ...change }
}

test.each(ENGINES)('every column of %s has today’s name', async engine => {
  const names = Object.keys(await status(engine))
  expect(names).toContain('Exec_Source_Log_Pos')
  expect(names.filter(name => /master|slave/i.test(name))).toEqual([])
})

test.each(ENGINES)('a channel of %s that names no source is none', async engine => {
  const said = answers(engine, 'replica')
  const [sql = '', [row] = []] = [...said].find(([text]) => text.startsWith('SHOW REPLICA')) ?? []
  said.set(sql, [{ ...row, Source_Host: '', Master_Host: '' }])
  const session = replay(said)
  expect(await readReplicaStatus(session, await detectFlavour(session, soon), soon)).toBeUndefined()
})

test.each([
  ['Yes', 'running'],
  ['No', 'stopped'],
  ['Connecting', 'connecting'],
  ['Preparing', 'connecting'],
])('a receiver that says %s is %s', async (says, receiver) => {
  const row = await status('mariadb-11.8', { Replica_IO_Running: says })
  expect(toReplication('mariadb', row).receiver).toBe(receiver)
})

test('an applier’s error carries its number', async () => {
  const row = await status('mysql-9.7', {
    Replica_SQL_Running: 'No',
    Last_SQL_Errno: '1062',
    Last_SQL_Error: 'Duplicate entry',
  })
  expect(toReplication('mysql', row)).toMatchObject({ applierRunning: false, applierError: 'Duplicate entry (1062)' })
})

test('a lag that the server does not know is not known', async () => {
  expect(toReplication('mysql', await status('mysql-9.7', { Seconds_Behind_Source: null })).lagSeconds).toBeUndefined()
})

test('a replica by file and position says so', async () => {
  expect(toReplication('mysql', await status('mysql-9.7', { Auto_Position: '0' })).byGtid).toBe(false)
  expect(toReplication('mariadb', await status('mariadb-10.11', { Using_Gtid: 'No' })).byGtid).toBe(false)
  expect(toReplication('mariadb', await status('mariadb-10.11', { Using_Gtid: 'Current_Pos' })).byGtid).toBe(true)
})
