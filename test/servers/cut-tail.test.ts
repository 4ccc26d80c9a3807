import { join } from 'node:path'
import { expect, test } from 'vitest'
import { awaitExecuted } from '../../lib/mysql/applier-progress.ts'
import { binaryLogs } from '../../lib/mysql/binary-log-files.ts'
import { cutTail } from '../../lib/mysql/cut-tail.ts'
import { committedBehindCut, committedTo } from '../../lib/mysql/engine-position.ts'
import { follow } from '../../lib/mysql/follow.ts'
import { compare, contains, count, type GtidSet } from '../../lib/mysql/gtid-set.ts'
import { executedOffline } from '../../lib/mysql/offline.ts'
import { readExecuted } from '../../lib/mysql/read-server.ts'
import { forgetSource, startReplication, stopReceiver, stopReplication } from '../../lib/mysql/replication.ts'
import { armReplica, armSource, disarmReplica } from '../../lib/mysql/semi-sync.ts'
import type { SemiSync } from '../../lib/mysql/server-facts.ts'
import { awaitExit } from '../../lib/mysql/server-process.ts'
import { judgeTail, type TailCut } from '../../lib/mysql/tail.ts'
import { openWrites } from '../../lib/mysql/write-gate.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { eachEngine } from './each-engine.ts'
import { makeSource, sourceAt, startPair } from './pair.ts'
import { SEEN, soon, type TestServer } from './test-server.ts'

eachEngine(farm => {
  const executed = (server: TestServer) => readExecuted(...server.talk, soon())
  const placeOf = ({ launch: { dataDirectory } }: TestServer) => ({
    indexFile: join(dataDirectory, 'binlog.index'),
    dataDirectory,
  })
  const logsOf = (server: TestServer) => binaryLogs(placeOf(server), soon())
  const tailOf = (server: TestServer, held: GtidSet) => judgeTail(logsOf(server), held)
  const eventually = async (holds: () => Promise<boolean>) =>
    expect(await Deadline.in(15_000).poll(20, async () => (await holds()) || undefined)).toBe(true)
  const semiSync = async (server: TestServer) => (await server.facts()).semiSync as SemiSync

  /** A commit that nobody acknowledges; its session ends with the server. */
  const writeInVain = async (source: TestServer, sql: string) => {
    const session = await source.session()
    session.query(sql, Deadline.in(60_000)).catch(() => session.close())
    await eventually(async () => (await semiSync(source)).waitingSessions > 0)
  }

  const cutAndStart = async (server: TestServer, cut: TailCut) => {
    await cutTail(cut, placeOf(server), join(server.launch.dataDirectory, '..', 'kept'))
    const offline = executedOffline(logsOf(server).at(-1) ?? expect.fail('the server has no log'))
    await server.start()
    return offline
  }

  /** Whether it shows that the engine had committed what was cut. */
  const isSeen = async (server: TestServer, cut: TailCut, held: GtidSet) => {
    if (server.flavour.name === 'mysql') return !contains(held, await executed(server))
    const committed = committedTo(await server.log())
    return committed === undefined || committedBehindCut(cut, committed)
  }

  test('a crashed source follows the promoted one, without what nobody acknowledged', async () => {
    const { source, replica } = await startPair(farm())
    await armSource(...source.talk, 1, soon())
    await armReplica(...replica.talk, soon())
    await stopReplication(...replica.talk, soon())
    await startReplication(...replica.talk, soon())
    for (let n = 1; n <= 5; n++) await source.query(`INSERT INTO d.t (content) VALUES ('acknowledged ${n}')`)
    await stopReceiver(...replica.talk, soon())
    await eventually(async () => (await semiSync(source)).ackers === 0)
    for (let n = 1; n <= 3; n++) await writeInVain(source, `INSERT INTO d.t (content) VALUES ('in vain ${n}')`)
    const before = await executed(replica)
    await source.kill()

    await forgetSource(...replica.talk, soon())
    await disarmReplica(...replica.talk, soon())
    await openWrites(...replica.talk, soon())
    for (let n = 1; n <= 5; n++) await replica.query(`INSERT INTO d.t (content) VALUES ('from now on ${n}')`)
    const held = await executed(replica)
    expect(compare(held, before)).toBe('ahead')

    const verdict = tailOf(source, held)
    if (verdict.say !== 'cut') expect.fail(JSON.stringify(verdict))
    expect(count(verdict.cut.transactions)).toBeGreaterThan(0)
    const offline = await cutAndStart(source, verdict.cut)
    expect(contains(held, await executed(source))).toBe(true)
    expect(await executed(source)).toEqual(offline)

    await follow(...source.talk, sourceAt(replica), soon())
    expect(await awaitExecuted(...source.talk, held, soon())).toBe(true)
    for (const query of ['SELECT content FROM d.t ORDER BY id', 'CHECKSUM TABLE d.t']) {
      await expect.poll(() => source.query(query), SEEN).toEqual(await replica.query(query))
    }
    expect(await source.value("SELECT COUNT(*) FROM d.t WHERE content LIKE 'acknowledged%'")).toBe('5')
  })

  test('a write that the server would not undo is not cut', async () => {
    const server = await farm().start()
    await makeSource(server)
    await server.query('CREATE TABLE d.m (id INT) ENGINE = MyISAM')
    const held = await executed(server)
    await armSource(...server.talk, 1, soon())
    await writeInVain(server, 'INSERT INTO d.m VALUES (1)')
    await server.kill()
    expect(tailOf(server, held)).toMatchObject({
      say: 'refuse',
      because: expect.stringContaining('a write to a table without transactions'),
    })
  })

  test('a cut of what the engine had committed is seen after the start', async () => {
    const server = await farm().start()
    await makeSource(server)
    const held = await executed(server)
    await server.query("INSERT INTO d.t (content) VALUES ('committed')")
    await server.query('FLUSH NO_WRITE_TO_BINLOG ENGINE LOGS')
    await server.kill()
    const verdict = tailOf(server, held)
    if (verdict.say !== 'cut') expect.fail(JSON.stringify(verdict))
    await cutAndStart(server, verdict.cut)
    expect(await server.value('SELECT COUNT(*) FROM d.t')).toBe('1')
    expect(await isSeen(server, verdict.cut, held)).toBe(true)
    await server.kill()
    await server.start()
    expect(await isSeen(server, verdict.cut, held)).toBe(true)
  })

  test('a cut of what the engine had not committed is known as one, after another start as well', async () => {
    const server = await farm().start()
    await makeSource(server)
    for (let n = 1; n <= 3; n++) await server.query("INSERT INTO d.t (content) VALUES ('before')")
    const held = await executed(server)
    await armSource(...server.talk, 1, soon())
    await writeInVain(server, "INSERT INTO d.t (content) VALUES ('in vain')")
    await server.kill()
    const verdict = tailOf(server, held)
    if (verdict.say !== 'cut') expect.fail(JSON.stringify(verdict))
    await cutAndStart(server, verdict.cut)
    expect(await isSeen(server, verdict.cut, held)).toBe(false)
    await server.query('SHUTDOWN')
    expect(await awaitExit(server.process, soon())).toBe(true)
    await server.start()
    expect(await isSeen(server, verdict.cut, held)).toBe(false)
    await server.kill()
    await server.start()
    expect(await isSeen(server, verdict.cut, held)).toBe(false)
  })

  test('a server that was stopped has no tail', async () => {
    const server = await farm().start()
    await makeSource(server)
    const held = await executed(server)
    await server.query("INSERT INTO d.t (content) VALUES ('committed')")
    await server.query('SHUTDOWN')
    expect(await awaitExit(server.process, soon())).toBe(true)
    expect(tailOf(server, held)).toEqual({ say: 'nothing' })
  })
})
