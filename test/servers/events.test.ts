import { appendFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { awaitExecuted } from '../../lib/mysql/applier-progress.ts'
import { startEvents } from '../../lib/mysql/event-scheduler.ts'
import { readExecuted } from '../../lib/mysql/read-server.ts'
import { restartReceiver } from '../../lib/mysql/replication.ts'
import { armReplica, armSource, disarmSource } from '../../lib/mysql/semi-sync.ts'
import { closeWrites, cutClients, openWrites } from '../../lib/mysql/write-gate.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { eachEngine } from './each-engine.ts'
import { makeSource, startPair } from './pair.ts'
import { SEEN, soon, type TestServer } from './test-server.ts'

const rows = async (server: TestServer) => Number(await server.value('SELECT COUNT(*) FROM d.t'))
const executed = (server: TestServer) => readExecuted(...server.talk, soon())
const eventually = (holds: () => Promise<boolean>) =>
  Deadline.in(15_000).poll(50, async () => (await holds()) || undefined)
const grows = async (server: TestServer) => {
  const before = await rows(server)
  return eventually(async () => (await rows(server)) > before)
}

/** Longer than the events here need to come round again. */
const anotherRound = () => delay(2500)

const EVERY_SECOND = 'CREATE EVENT d.tick ON SCHEDULE EVERY 1 SECOND DO'

/** Close it as a demotion does. */
async function close(server: TestServer): Promise<void> {
  await closeWrites(...server.talk, soon())
  await cutClients(server.connection, soon())
}

async function open(server: TestServer): Promise<void> {
  await openWrites(...server.talk, soon())
  await startEvents(...server.talk, soon())
}

eachEngine(farm => {
  let server: TestServer

  beforeAll(async () => {
    server = await farm().start(['event_scheduler=ON'])
    await makeSource(server)
    await server.query(`${EVERY_SECOND} INSERT INTO d.t (content) VALUES ('an event')`)
  })

  test('events run on a server that is open to writes, where its configuration has it so', async () => {
    await appendFile(server.launch.config ?? '', '\nevent_scheduler=OFF\n') // that is for its next start
    await open(server)
    expect(await grows(server)).toBe(true)
  })

  test('on a server that is closed to writes no event writes anything, whoever made it', async () => {
    await close(server)
    const before = await executed(server)
    await anotherRound()
    expect(await executed(server)).toEqual(before)
  })

  test('events go on when it is opened again', async () => {
    await open(server)
    expect(await grows(server)).toBe(true)
  })

  test('a server that was started anew runs none until it is opened, and none where its configuration has it so', async () => {
    await server.kill()
    await server.start(['--event-scheduler=ON']) // outranks the file
    const before = await executed(server)
    await anotherRound()
    expect(await executed(server)).toEqual(before)
    await open(server)
    expect(await grows(server)).toBe(true)
    await server.kill()
    await server.start()
    await open(server)
    const after = await rows(server)
    await anotherRound()
    expect(await rows(server)).toBe(after)
  })
})

eachEngine(farm => {
  let source: TestServer
  let replica: TestServer

  beforeAll(async () => {
    ;({ source, replica } = await startPair(farm(), ['event_scheduler=ON']))
    await armSource(...source.talk, 1, soon())
    await armReplica(...replica.talk, soon())
    await restartReceiver(...replica.talk, soon())
    await startEvents(...source.talk, soon())
  })

  test('events in the middle of their writes leave nothing behind that a replica lacks', async () => {
    await source.query(`${EVERY_SECOND} BEGIN
      DECLARE n INT DEFAULT 0;
      WHILE n < 100000 DO INSERT INTO d.t (content) VALUES ('an event'); SET n = n + 1; END WHILE;
    END`)
    for (let round = 0; round < 3; round++) {
      expect(await grows(source)).toBe(true)
      await close(source)
      const last = await executed(source)
      await disarmSource(...source.talk, soon())
      expect(await awaitExecuted(...replica.talk, last, soon())).toBe(true)
      await expect.poll(() => rows(replica), SEEN).toBe(await rows(source))
      await anotherRound()
      expect(await executed(source)).toEqual(last)
      await armSource(...source.talk, 1, soon())
      await open(source)
    }
  })
})
