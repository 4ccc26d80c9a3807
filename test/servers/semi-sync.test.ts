import { kill } from 'node:process'
import { beforeAll, expect, test } from 'vitest'
import { awaitExecuted } from '../../lib/mysql/applier-progress.ts'
import { follow } from '../../lib/mysql/follow.ts'
import { readExecuted } from '../../lib/mysql/read-server.ts'
import { restartReceiver, startReplication, stopReceiver } from '../../lib/mysql/replication.ts'
import { armReplica, armSource, disarmReplica, disarmSource, renewAcks } from '../../lib/mysql/semi-sync.ts'
import type { SemiSync } from '../../lib/mysql/server-facts.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { eachEngine } from './each-engine.ts'
import { makeSource, sourceAt } from './pair.ts'
import { soon, type TestServer } from './test-server.ts'

eachEngine(farm => {
  let source: TestServer
  let replica: TestServer

  beforeAll(async () => {
    ;[source, replica] = await Promise.all([farm().start(), farm().start()])
  })

  const semiSync = async (server: TestServer) => (await server.facts()).semiSync as SemiSync
  const write = async () => {
    const session = await source.session()
    const done = session.query("INSERT INTO d.t (content) VALUES ('a')", Deadline.in(60_000))
    return { done: done.then(() => session.close()) }
  }
  const eventually = (holds: () => Promise<boolean>) =>
    Deadline.in(15_000).poll(20, async () => (await holds()) || undefined)
  const waiting = (sessions: number) => eventually(async () => (await semiSync(source)).waitingSessions === sessions)
  const ackers = (number: number) => eventually(async () => (await semiSync(source)).ackers === number)

  test('a server that never heard of it is armed without being opened', async () => {
    const isBuiltIn = farm().engine.flavour === 'mariadb'
    expect((await source.facts()).semiSync === undefined).toBe(!isBuiltIn)
    await disarmSource(...source.talk, soon())
    await disarmReplica(...source.talk, soon())
    await armSource(...source.talk, 1, soon())
    await armReplica(...replica.talk, soon())
    expect(await semiSync(source)).toMatchObject({ sourceEnabled: true, ackers: 0, waitingSessions: 0 })
    expect(await semiSync(replica)).toMatchObject({ sourceEnabled: false, replicaEnabled: true })
    expect((await source.facts()).writable).toBe(false)
    expect((await replica.facts()).writable).toBe(false)
  })

  test('commits wait before anyone sees them, for as long as it takes, with no replica too', async () => {
    const rows = await source.query("SHOW GLOBAL VARIABLES LIKE 'rpl_semi_sync%'")
    const text = rows.map(row => Object.values(row).join('=')).join('\n')
    expect(text).toMatch(/_wait_point=AFTER_SYNC/)
    expect(text).toMatch(/_timeout=4294967295/)
    expect(text).toMatch(/_wait_no_(replica|slave)=ON/)
  })

  test('a commit waits until a replica has it', async () => {
    await disarmSource(...source.talk, soon())
    await makeSource(source)
    await armSource(...source.talk, 1, soon())
    await armSource(...source.talk, 1, soon())
    const { done } = await write()
    expect(await waiting(1)).toBe(true)
    expect(await source.value('SELECT COUNT(*) FROM d.t')).toBe('0')
    const { acknowledged } = await semiSync(source)
    await follow(...replica.talk, sourceAt(source), soon())
    await done
    expect((await semiSync(source)).acknowledged).toBeGreaterThan(acknowledged)
    expect(await source.value('SELECT COUNT(*) FROM d.t')).toBe('1')
    expect(await ackers(1)).toBe(true)
    expect(await waiting(0)).toBe(true)
  })

  test('a replica acknowledges from its next start on, and no longer from the one after', async () => {
    await disarmReplica(...replica.talk, soon())
    expect(await semiSync(replica)).toMatchObject({ replicaEnabled: false })
    await (await write()).done
    await restartReceiver(...replica.talk, soon())
    expect(await ackers(0)).toBe(true)
    await armReplica(...replica.talk, soon())
    expect(await semiSync(replica)).toMatchObject({ replicaEnabled: true })
    await restartReceiver(...replica.talk, soon())
    expect(await ackers(1)).toBe(true)
    await (await write()).done
  })

  test('a server whose commits wait answers, and shows the end of its binary log', async () => {
    await stopReceiver(...replica.talk, soon())
    expect(await ackers(0)).toBe(true)
    const before = (await source.facts()).binaryLog
    const writes = []
    for (let n = 0; n < 10; n++) writes.push(await write())
    expect(await waiting(1)).toBe(true)
    expect((await source.facts()).binaryLog?.file).toBe(before?.file)
    await startReplication(...replica.talk, soon())
    await Promise.all(writes.map(({ done }) => done))
    const [end] = await source.query(`SHOW ${source.flavour.name === 'mysql' ? 'BINARY LOG' : 'BINLOG'} STATUS`)
    expect((await source.facts()).binaryLog).toEqual({ file: end?.['File'], position: Number(end?.['Position']) })
  })

  test('a commit whose acknowledgement will not come is released by a later one', async () => {
    await disarmReplica(...replica.talk, soon())
    await restartReceiver(...replica.talk, soon())
    expect(await ackers(0)).toBe(true)
    const { done } = await write()
    const theirs = await readExecuted(...source.talk, soon())
    expect(await awaitExecuted(...replica.talk, theirs, soon())).toBe(true)
    await armReplica(...replica.talk, soon())
    await restartReceiver(...replica.talk, soon())
    expect(await ackers(1)).toBe(true)
    await renewAcks(source.connection, soon())
    await done
    expect(await semiSync(source)).toMatchObject({ waitingSessions: 0 })
  })

  test('a receiver whose source hangs stops within seconds', async () => {
    kill(source.process.pid, 'SIGSTOP')
    try {
      await stopReceiver(...replica.talk, soon())
    } finally {
      kill(source.process.pid, 'SIGCONT')
    }
    await startReplication(...replica.talk, soon())
    expect(await ackers(1)).toBe(true)
  })

  test('to disarm releases what waits', async () => {
    await stopReceiver(...replica.talk, soon())
    expect(await ackers(0)).toBe(true)
    const { done } = await write()
    expect(await waiting(1)).toBe(true)
    await disarmSource(...source.talk, soon())
    await done
    expect(await semiSync(source)).toMatchObject({ sourceEnabled: false, waitingSessions: 0 })
  })

  test('two acknowledgements are waited for where the server can count', async () => {
    await startReplication(...replica.talk, soon())
    if (source.flavour.name === 'mariadb') {
      await expect(armSource(...source.talk, 2, soon())).rejects.toMatchObject({ kind: 'misconfigured' })
      return
    }
    await armSource(...source.talk, 2, soon())
    expect(await semiSync(source)).toMatchObject({ acks: 2 })
    const { done } = await write()
    expect(await waiting(1)).toBe(true)
    await armSource(...source.talk, 1, soon())
    await done
    expect(await semiSync(source)).toMatchObject({ acks: 1 })
  })
})
