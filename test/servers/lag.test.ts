import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { readHeartbeatAge, writeHeartbeat } from '../../lib/mysql/heartbeat.ts'
import { stopReceiver } from '../../lib/mysql/replication.ts'
import { closeWrites, openWrites } from '../../lib/mysql/write-gate.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { eachEngine } from './each-engine.ts'
import { startPair } from './pair.ts'
import { soon, type TestServer } from './test-server.ts'

const TABLE = { database: 'd', table: 'heartbeat' } as const
const CREATE = 'CREATE TABLE d.heartbeat (server_id INT UNSIGNED PRIMARY KEY, at TIMESTAMP(6) NOT NULL) ENGINE = InnoDB'

const eventually = (holds: () => Promise<boolean>) =>
  Deadline.in(20_000).poll(50, async () => (await holds()) || undefined)
const lag = async (server: TestServer) => (await server.facts()).replication?.lagSeconds
const rows = (server: TestServer, table = 'd.t') => server.value(`SELECT COUNT(*) FROM ${table}`)

eachEngine(farm => {
  let source: TestServer
  let replica: TestServer

  beforeAll(async () => {
    ;({ source, replica } = await startPair(farm(), ['binlog_format=ROW']))
    await source.query(CREATE)
    expect(
      await eventually(
        async () => (await rows(replica, 'information_schema.tables WHERE table_name = "heartbeat"')) === '1',
      ),
    ).toBe(true)
  })

  test('a replica in step is not behind, whether the source is at work or idle', async () => {
    await source.query("INSERT INTO d.t (content) VALUES ('a row')")
    expect(await eventually(async () => (await rows(replica)) === '1')).toBe(true)
    expect(await lag(replica)).toBeLessThan(2)
    await delay(2500)
    expect(await lag(replica)).toBeLessThan(1)
  })

  test('a replica whose applier waits is behind by the age of what it has not applied', async () => {
    const locker = await replica.session()
    await locker.query('LOCK TABLES d.t READ', soon())
    await source.query("INSERT INTO d.t (content) VALUES ('late')")
    expect(await eventually(async () => ((await lag(replica)) ?? 0) >= 3)).toBe(true)
    await source.query("INSERT INTO d.t (content) VALUES ('later')")
    expect(await lag(replica)).toBeGreaterThanOrEqual(3)
    await locker.query('UNLOCK TABLES', soon())
    locker.close()
    expect(await eventually(async () => (await rows(replica)) === '3')).toBe(true)
    expect(await eventually(async () => (await lag(replica)) === 0)).toBe(true)
  })

  test('without its performance schema a server is as far behind as it says itself', async () => {
    const pair = await startPair(farm(), ['binlog_format=ROW', 'performance_schema=OFF'])
    const knowsLag = async () => (await lag(pair.replica)) === 0
    expect(await eventually(knowsLag)).toBe(true)
  })

  test('before the first heartbeat there is nothing to tell the lag by', async () => {
    expect(await readHeartbeatAge(replica.connection, TABLE, soon())).toBeUndefined()
  })

  test.each([
    ['an hour is about to come twice', 1],
    ['an hour has come for the second time', 2],
  ])('a heartbeat is no older where %s, as in autumn', async (_what, id) => {
    await source.query(`INSERT INTO mysql.time_zone VALUES (${id}, 'N')`)
    await source.query(`INSERT INTO mysql.time_zone_name VALUES ('Autumn${id}', ${id})`)
    await source.query(
      `INSERT INTO mysql.time_zone_transition_type VALUES (${id}, 0, 7200, 1, 'S'), (${id}, 1, 3600, 0, 'W')`,
    )
    const change = `UNIX_TIMESTAMP() ${id === 1 ? '+' : '-'} 1800`
    await source.query(`INSERT INTO mysql.time_zone_transition VALUES (${id}, 0, 0), (${id}, ${change}, 1)`)
    const there = () => rows(replica, `mysql.time_zone_transition WHERE time_zone_id = ${id}`)
    expect(await eventually(async () => (await there()) === '2')).toBe(true)
    const [writer, reader] = [await source.session(), await replica.session()]
    for (const session of [writer, reader]) await session.query(`SET SESSION time_zone = 'Autumn${id}'`, soon())
    await writeHeartbeat(writer, TABLE, soon())
    const [row] = await source.query('SELECT UNIX_TIMESTAMP() - UNIX_TIMESTAMP(at) AS age FROM d.heartbeat')
    expect(Math.abs(Number(row?.['age']))).toBeLessThan(5)
    const age = async () => (await readHeartbeatAge(reader, TABLE, soon())) ?? 99
    expect(await eventually(async () => (await age()) < 5)).toBe(true)
    expect(await eventually(async () => (await age()) > 1)).toBe(true)
    writer.close()
    reader.close()
  })

  test('a heartbeat from the future, of a source whose clock went wrong, hides no lag', async () => {
    await source.query('INSERT INTO d.heartbeat VALUES (4242, NOW() + INTERVAL 1 DAY)')
    expect(await eventually(async () => (await rows(replica, 'd.heartbeat WHERE server_id = 4242')) === '1')).toBe(true)
    const age = async () => (await readHeartbeatAge(replica.connection, TABLE, soon())) ?? 0
    expect(await eventually(async () => (await age()) > 1)).toBe(true)
    await source.query('DELETE FROM d.heartbeat WHERE server_id = 4242')
  })

  test('a heartbeat is as old on a replica as what can be read there', async () => {
    const beat = async () => {
      await writeHeartbeat(source.connection, TABLE, soon())
      return (await readHeartbeatAge(replica.connection, TABLE, soon())) ?? 99
    }
    expect(await eventually(async () => (await beat()) < 2)).toBe(true)
    await stopReceiver(...replica.talk, soon())
    expect(await eventually(async () => (await beat()) >= 3)).toBe(true)
    expect(await rows(source, 'd.heartbeat')).toBe('1')
  })

  test('its own heartbeats tell a server nothing', async () => {
    expect(await readHeartbeatAge(source.connection, TABLE, soon())).toBeUndefined()
  })

  test('a server that is closed to writes gets no heartbeat, not even from root', async () => {
    await closeWrites(...source.talk, soon())
    const before = await source.facts()
    const beat = await writeHeartbeat(source.connection, TABLE, soon()).catch((error: unknown) => error)
    expect(beat === undefined || beat instanceof Failure).toBe(true)
    expect((await source.facts()).gtidPosition).toBe(before.gtidPosition)
    await openWrites(...source.talk, soon())
  })

  test('a row that somebody holds keeps a heartbeat waiting for a second or two', async () => {
    const holder = await source.session()
    await holder.query('BEGIN', soon())
    await holder.query('UPDATE d.heartbeat SET at = at', soon())
    const waiting = await source.session()
    await expect(writeHeartbeat(waiting, TABLE, Deadline.in(10_000))).rejects.toThrow(/1205/)
    waiting.close()
    holder.close()
  })
})
