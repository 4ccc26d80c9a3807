import { beforeAll, expect, test } from 'vitest'
import { awaitExecuted } from '../../lib/mysql/applier-progress.ts'
import type { Connection } from '../../lib/mysql/connection.ts'
import { drainRelayLog } from '../../lib/mysql/drain-relay-log.ts'
import { follow } from '../../lib/mysql/follow.ts'
import { isEmpty, subtract } from '../../lib/mysql/gtid-set.ts'
import { forgetSource, restartReceiver, startReplication, stopReceiver } from '../../lib/mysql/replication.ts'
import { armReplica, armSource, disarmSource } from '../../lib/mysql/semi-sync.ts'
import { openWrites } from '../../lib/mysql/write-gate.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { eachEngine } from './each-engine.ts'
import { makeSource, sourceAt } from './pair.ts'
import { SEEN, soon, type TestServer } from './test-server.ts'

const WRITES = 200

eachEngine(farm => {
  let alpha: TestServer
  let beta: TestServer

  const options = (place: number) => [
    'auto_increment_increment=2',
    `auto_increment_offset=${place}`,
    farm().engine.flavour === 'mariadb'
      ? `gtid_domain_id=${place}`
      : 'plugin_load_add=semisync_source.so;semisync_replica.so',
  ]
  const inStep = async (of: TestServer, after: TestServer) =>
    awaitExecuted(...of.talk, (await after.facts()).executed, Deadline.in(30_000))
  const sum = (server: TestServer) => server.value('SELECT CONCAT(COUNT(*), " ", SUM(id)) FROM d.t')
  const haveTheSame = async () => (await sum(alpha)) === (await sum(beta))

  beforeAll(async () => {
    ;[alpha, beta] = await Promise.all([farm().start(options(1)), farm().start(options(2))])
    await makeSource(alpha)
    await follow(...beta.talk, sourceAt(alpha), soon())
    expect(await inStep(beta, alpha)).toBe(true)
    await openWrites(...beta.talk, soon())
    await follow(...alpha.talk, sourceAt(beta), soon())
    for (const server of [alpha, beta]) {
      await armReplica(...server.talk, soon())
      await restartReceiver(...server.talk, soon())
    }
    for (const server of [alpha, beta]) await armSource(...server.talk, 1, soon())
  })

  async function write(server: TestServer, count: number): Promise<void> {
    const session = await server.session()
    for (let n = 0; n < count; n++) await session.query("INSERT INTO d.t (content) VALUES ('x')", Deadline.in(20_000))
    session.close()
  }

  test('two sources that wait for each other both go on, and their keys do not meet', async () => {
    await Promise.all([write(alpha, WRITES), write(alpha, WRITES), write(beta, WRITES), write(beta, WRITES)])
    expect(await inStep(beta, alpha)).toBe(true)
    expect(await inStep(alpha, beta)).toBe(true)
    await expect.poll(haveTheSame, SEEN).toBe(true)
    for (const server of [alpha, beta]) {
      const { replication } = await server.facts()
      expect(replication).toMatchObject({ receiver: 'running', applierRunning: true, applierError: undefined })
      const semiSync = async () => (await server.facts()).semiSync
      const atRest = { sourceEnabled: true, replicaEnabled: true, waitingSessions: 0 }
      await expect.poll(semiSync, SEEN).toMatchObject(atRest)
    }
  })

  test('writes that only a crashed one has come to the other, while it follows that one again', async () => {
    await stopReceiver(...beta.talk, soon())
    await disarmSource(...alpha.talk, soon())
    await write(alpha, 5)
    await disarmSource(...beta.talk, soon())
    await write(beta, 3)
    await alpha.kill()
    await alpha.start()
    const { executed } = await beta.facts()
    expect(isEmpty(subtract((await alpha.facts()).executed, executed))).toBe(false)
    await drainRelayLog(...alpha.talk, soon())
    await forgetSource(...alpha.talk, soon())
    await follow(...alpha.talk, sourceAt(beta, { executed }), soon())
    expect(await inStep(alpha, beta)).toBe(true)
    await startReplication(...beta.talk, soon())
    expect(await inStep(beta, alpha)).toBe(true)
    await expect.poll(haveTheSame, SEEN).toBe(true)
    for (const server of [alpha, beta]) {
      const replication = async () => (await server.facts()).replication
      await expect.poll(replication, SEEN).toMatchObject({ receiver: 'running', applierRunning: true })
    }
  })

  test('one whose own writes the other one has, and no more in its binary logs, follows it again', async () => {
    await openWrites(...alpha.talk, soon())
    await write(alpha, 3)
    expect(await inStep(beta, alpha)).toBe(true)
    await stopReceiver(...alpha.talk, soon())
    await beta.query('FLUSH BINARY LOGS')
    const logs = await beta.query('SHOW BINARY LOGS')
    await beta.query(`PURGE BINARY LOGS TO '${logs.at(-1)?.['Log_name']}'`)
    await write(beta, 1)
    const { executed } = await beta.facts()
    const isThere = await soon().poll(100, async () => {
      await follow(...alpha.talk, sourceAt(beta, { executed }), soon())
      return (await awaitExecuted(...alpha.talk, executed, Deadline.in(5000))) || undefined
    })
    expect(isThere).toBe(true)
  })

  test('to follow the other one anew, before its own writes, may be cut short anywhere or fail, and leaves the server strict', async () => {
    const mode = farm().engine.flavour === 'mariadb' ? 'gtid_strict_mode' : 'enforce_gtid_consistency'
    const isStrict = async () => ['1', 'ON'].includes((await alpha.value(`SELECT @@GLOBAL.${mode}`)) ?? '')
    const { executed } = await beta.facts()
    await openWrites(...alpha.talk, soon())
    await write(alpha, 1)
    expect(await inStep(beta, alpha)).toBe(true)
    const [connection, flavour] = alpha.talk
    const followBy = async (through: Connection) => {
      await forgetSource(...alpha.talk, soon())
      await follow(through, flavour, sourceAt(beta, { executed }), soon())
    }
    for (let statements = 0; ; statements++) {
      const answer = await followBy(endingAfter(connection, statements)).catch(error => error)
      expect(await isStrict()).toBe(true)
      if (answer === undefined) break
      expect(answer).toMatchObject({ message: CUT })
    }
    await write(beta, 1)
    expect(await inStep(alpha, beta)).toBe(true)
    if (farm().engine.flavour === 'mariadb') {
      await expect(followBy(withWrongPosition(connection))).rejects.toThrow('Could not parse GTID list')
      expect(await isStrict()).toBe(true)
    }
  })
})

const CUT = 'the program has ended'

/** The connection of a program that ends when it has sent so many statements. */
function endingAfter(connection: Connection, statements: number): Connection {
  let left = statements
  return {
    get closed() {
      return left < 0
    },
    query(sql, deadline) {
      left--
      return left < 0 ? Promise.reject(new Failure('unreachable', CUT)) : connection.query(sql, deadline)
    },
    close: () => connection.close(),
  }
}

/** A connection over which the place to begin at is no place. */
const withWrongPosition = (connection: Connection): Connection => ({
  closed: false,
  query: (sql, deadline) => connection.query(sql.replace("gtid_slave_pos = '", '$&x'), deadline),
  close: () => connection.close(),
})
