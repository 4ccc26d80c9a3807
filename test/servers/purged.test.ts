import { expect, test } from 'vitest'
import { awaitExecuted } from '../../lib/mysql/applier-progress.ts'
import { follow } from '../../lib/mysql/follow.ts'
import { isEmpty } from '../../lib/mysql/gtid-set.ts'
import { isServedBy, readPurged } from '../../lib/mysql/purged.ts'
import { readExecuted, readIdentity } from '../../lib/mysql/read-server.ts'
import { stopReplication } from '../../lib/mysql/replication.ts'
import { armSource } from '../../lib/mysql/semi-sync.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { eachEngine } from './each-engine.ts'
import { makeSource, REPLICATION, sourceAt, startPair } from './pair.ts'
import { SEEN, soon, type TestServer } from './test-server.ts'

eachEngine(farm => {
  const executed = (server: TestServer) => readExecuted(...server.talk, soon())
  const replication = async (server: TestServer) => (await server.facts()).replication
  const isServed = async (replica: TestServer, by: TestServer) =>
    isServedBy(
      by.flavour.name,
      await executed(replica),
      (await readPurged(...by.talk, soon())) ?? expect.fail('unsaid'),
    )

  /** Write, and let go of the logs of what was written once a replica has it. What still reads one for a replica keeps it, and comes back when it is ended. */
  const writeAndPurge = async (source: TestServer, replica: TestServer) => {
    await source.query('SET GLOBAL slave_connections_needed_for_purge = 0').catch(() => {}) // MariaDB 11 purges for nobody
    await source.query("INSERT INTO d.t (content) VALUES ('soon gone')")
    expect(await awaitExecuted(...replica.talk, await executed(source), soon())).toBe(true)
    await source.query('FLUSH BINARY LOGS')
    const last = (await source.query('SHOW BINARY LOGS')).at(-1)?.['Log_name']
    // MariaDB also keeps what its crash recovery may need, until its engine says that it does not.
    const purged = await Deadline.in(60_000).poll(200, async () => {
      const sessions = await source.query('SHOW PROCESSLIST')
      const readers = sessions.filter(({ Command }) => Command?.startsWith('Binlog Dump'))
      for (const { Id } of readers) await source.query(`KILL ${Id}`).catch(() => {}) // ended by itself meanwhile
      await source.query(`PURGE BINARY LOGS TO '${last}'`)
      return (await source.query('SHOW BINARY LOGS'))[0]?.['Log_name'] === last || undefined
    })
    expect(purged).toBe(true)
  }

  test('what a source has purged tells whether it serves a replica, which may get it from another', async () => {
    const { source, replica } = await startPair(farm())
    const other = await farm().start()
    await follow(...other.talk, sourceAt(source), soon())
    await source.query("INSERT INTO d.t (content) VALUES ('everywhere')")
    expect(await awaitExecuted(...replica.talk, await executed(source), soon())).toBe(true)
    expect(isEmpty((await readPurged(...source.talk, soon())) ?? expect.fail('unsaid'))).toBe(true)

    await stopReplication(...replica.talk, soon())
    expect(await isServed(replica, source)).toBe(true)
    await writeAndPurge(source, other)
    expect(await isServed(replica, source)).toBe(false)
    await follow(...replica.talk, sourceAt(source), soon())
    const refused = await Deadline.in(20_000).poll(50, async () => (await replication(replica))?.receiverError)
    expect(refused).toMatch(/purged.*\((1236|13114)\)$/s)

    expect(await awaitExecuted(...other.talk, await executed(source), soon())).toBe(true)
    expect(await isServed(replica, other)).toBe(true)
    expect(await isServed(other, source)).toBe(true)
    await follow(...replica.talk, sourceAt(source, { port: other.port }), soon())
    expect(await awaitExecuted(...replica.talk, await executed(other), soon())).toBe(true)
    expect(await isServed(replica, source)).toBe(true)
    await follow(...replica.talk, sourceAt(source), soon())
    await source.query("INSERT INTO d.t (content) VALUES ('from the source again')")
    expect(await awaitExecuted(...replica.talk, await executed(source), soon())).toBe(true)
    await expect.poll(() => replica.query('CHECKSUM TABLE d.t'), SEEN).toEqual(await source.query('CHECKSUM TABLE d.t'))
  })

  test('the account for replication may ask who a server is and what it has purged, also while commits wait', async () => {
    const server = await farm().start()
    await makeSource(server)
    await armSource(...server.talk, 1, soon())
    const waiting = await server.session()
    waiting.query("INSERT INTO d.t (content) VALUES ('in vain')", Deadline.in(60_000)).catch(() => waiting.close())
    const waits = async () => ((await server.facts()).semiSync?.waitingSessions ?? 0) > 0 || undefined
    expect(await Deadline.in(15_000).poll(20, waits)).toBe(true)

    const asking = await server.session(REPLICATION)
    expect(await readPurged(asking, server.flavour, Deadline.in(5000))).toEqual(new Map())
    const { serverId, serverUuid, gtid } = await server.facts()
    const identity = await readIdentity(asking, server.flavour, Deadline.in(5000))
    expect(identity).toEqual({ serverId, serverUuid, writable: true, gtid })
    asking.close()
    await server.kill()
  })
})
