import { expect, test } from 'vitest'
import { detectFlavour } from '../../../lib/mysql/flavour.ts'
import { isEmpty } from '../../../lib/mysql/gtid-set.ts'
import { readExecuted, readServer } from '../../../lib/mysql/read-server.ts'
import type { ServerFacts } from '../../../lib/mysql/server-facts.ts'
import { Deadline } from '../../../lib/system/deadline.ts'
import { answers, ENGINES, type EngineName, type Role, replay } from './answers.ts'

const soon = Deadline.in(10_000)

async function read(engine: EngineName, role: Role): Promise<ServerFacts> {
  const session = replay(answers(engine, role))
  return readServer(session, await detectFlavour(session, soon), soon)
}

test.each(ENGINES)('a source on %s takes writes, counts its acker and shows where its log ends', async engine => {
  expect(await read(engine, 'source')).toMatchObject({
    flavour: engine.startsWith('mysql') ? 'mysql' : 'mariadb',
    writable: true,
    gtid: true,
    binaryLog: { file: 'binlog.000001', position: expect.any(Number) },
    replication: undefined,
    semiSync: {
      sourceEnabled: true,
      replicaEnabled: false,
      acks: 1,
      ackers: 1,
      waitingSessions: 0,
      acknowledged: 1,
    },
  })
})

test.each(ENGINES)('a replica on %s takes no writes and holds what its source executed', async engine => {
  const [source, replica] = [await read(engine, 'source'), await read(engine, 'replica')]
  expect(replica).toMatchObject({
    writable: false,
    semiSync: { sourceEnabled: false, replicaEnabled: true, ackers: 0, waitingSessions: 0 },
    replication: {
      sourcePort: source.port,
      receiver: 'running',
      receiverError: undefined,
      applierRunning: true,
      applierError: undefined,
      lagSeconds: 0,
      byGtid: true,
      readTo: source.binaryLog,
    },
  })
  expect(replica.executed).toEqual(source.executed)
  expect(isEmpty(replica.executed)).toBe(false)
})

test.each(ENGINES)('a replica on %s whose source does not listen knows no lag', async engine => {
  const { replication } = await read(engine, 'connecting')
  expect(replication).toMatchObject({ receiver: 'connecting', lagSeconds: undefined, applierRunning: true })
  expect(replication?.receiverError).toMatch(/\(2003\)$/)
})

const FACTS = /^SELECT @@server_id/

/** A real replica's answers with some of its facts changed. */
async function withFacts(engine: EngineName, change: Readonly<Record<string, string | null>>): Promise<ServerFacts> {
  const said = answers(engine, 'replica')
  for (const [sql, rows] of said) if (FACTS.test(sql)) said.set(sql, [{ ...rows[0], ...change }])
  const session = replay(said)
  return readServer(session, await detectFlavour(session, soon), soon)
}

test('MariaDB holds what it logged and what it applied, and goes on after the later of both', async () => {
  const facts = await withFacts('mariadb-11.8', { executed: '0-1-7,0-2-9', applied: '0-2-9,1-3-4', logged: '0-1-10' })
  expect([...facts.executed.keys()].sort()).toEqual(['0-1', '0-2', '1-3'])
  expect(facts.gtidPosition).toBe('0-1-10,1-3-4')
})

test('MySQL goes on after what it executed, written without line breaks', async () => {
  const uuid = '3e11fa47-71ca-11e1-9e33-c80aa9429562'
  const facts = await withFacts('mysql-9.7', { executed: `${uuid}:1-5,\n${uuid.replace('3', '4')}:1` })
  expect(facts.gtidPosition).toBe(`${uuid}:1-5,${uuid.replace('3', '4')}:1`)
})

test.each(['OFF_PERMISSIVE', 'ON_PERMISSIVE', 'OFF'])('gtid_mode %s is no replication by GTID', async mode => {
  expect((await withFacts('mysql-9.7', { gtid_mode: mode })).gtid).toBe(false)
})

test.each([
  ['OFF', true],
  ['ON', false],
  ['NO_LOCK', false],
  ['NO_LOCK_NO_ADMIN', false],
])('MariaDB 12 with read_only %s is writable: %s', async (lock, writable) => {
  expect((await withFacts('mariadb-11.8', { write_lock: lock })).writable).toBe(writable)
})

test('a MySQL without the plugins knows nothing of semi-synchronous replication', async () => {
  const said = answers('mysql-9.7', 'replica')
  for (const sql of said.keys()) if (/rpl\\_semi/.test(sql)) said.set(sql, [])
  const session = replay(said)
  expect((await readServer(session, await detectFlavour(session, soon), soon)).semiSync).toBeUndefined()
})

test('a MySQL with the plugins of older servers says the same in their words', async () => {
  const said = answers('mysql-9.7', 'replica')
  const values = { status: 'ON', clients: '2', wait_sessions: '1', yes_tx: '40' }
  const rows = Object.entries(values).map(([name, value]) => ({ name: `rpl_semi_sync_master_${name}`, value }))
  rows.push({ name: 'rpl_semi_sync_slave_status', value: 'OFF' })
  for (const sql of said.keys()) if (/rpl\\_semi/.test(sql)) said.set(sql, rows)
  const counted = 'SELECT @@rpl_semi_sync_slave_enabled AS enabled, @@rpl_semi_sync_master_wait_for_slave_count AS acks'
  said.set(counted, [{ enabled: '1', acks: '2' }])
  const session = replay(said)
  expect((await readServer(session, await detectFlavour(session, soon), soon)).semiSync).toEqual({
    sourceEnabled: true,
    replicaEnabled: true,
    acks: 2,
    ackers: 2,
    waitingSessions: 1,
    acknowledged: 40,
  })
})

test.each([
  ['mysql-9.7', '1', true],
  ['mysql-9.7', '0', false],
  ['mysql-9.7', '10000', false],
  ['mariadb-11.8', '1', false],
] as const)(
  'on %s with sync_relay_log = %s, what a replica has acknowledged survives a power loss: %s',
  async (engine, every, survives) => {
    expect((await withFacts(engine, { sync_relay_log: every })).relayLogSynced).toBe(survives)
  },
)

test.each([
  ['1', '1', true],
  ['1', '3', true],
  ['0', '1', false],
  ['100', '1', false],
  ['1', '2', false],
  ['1', '0', false],
])(
  'with sync_binlog = %s and innodb_flush_log_at_trx_commit = %s, commits survive a loss of power: %s',
  async (sync_binlog, flush_log, survives) => {
    expect((await withFacts('mariadb-11.8', { sync_binlog, flush_log })).commitsSynced).toBe(survives)
  },
)

test('what a server executed is read without any look at replication', async () => {
  const all = answers('mysql-9.7', 'source')
  const few = new Map([...all].filter(([sql]) => FACTS.test(sql) || /VERSION/.test(sql)))
  const session = replay(few)
  expect(await readExecuted(session, await detectFlavour(session, soon), soon)).toEqual(
    (await read('mysql-9.7', 'source')).executed,
  )
})
