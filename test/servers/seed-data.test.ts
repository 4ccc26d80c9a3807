import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { awaitExecuted } from '../../lib/mysql/applier-progress.ts'
import { follow } from '../../lib/mysql/follow.ts'
import { readExecuted } from '../../lib/mysql/read-server.ts'
import { readMarker } from '../../lib/seed/marker.ts'
import { eachEngine } from './each-engine.ts'
import type { ServerFarm } from './farm.ts'
import { sourceAt, startPair } from './pair.ts'
import { type Method, orderOf, runSeed, type SeedOrder, usualMethod } from './seeding.ts'
import { SEEN, soon, type TestServer } from './test-server.ts'

const PROGRAM = join(import.meta.dirname, 'seed-program.ts')

eachEngine(farm => {
  const executed = (server: TestServer) => readExecuted(...server.talk, soon())

  /** A source with history, a replica of it that can be cloned, and a stopped server with a history of its own. */
  async function three(farm: ServerFarm) {
    const plugins = farm.engine.flavour === 'mysql' ? ['plugin_load_add=mysql_clone.so'] : []
    const { source, replica } = await startPair(farm, plugins)
    if (farm.engine.flavour === 'mysql') await source.query("GRANT BACKUP_ADMIN ON *.* TO replicator@'%'")
    await source.query("INSERT INTO d.t (content) VALUES (REPEAT('a', 3000000)), ('b')")
    await source.query("CREATE USER reader@'%' IDENTIFIED BY 'x'")
    expect(await awaitExecuted(...replica.talk, await executed(source), soon())).toBe(true)
    const recipient = await farm.start()
    await recipient.query('SET GLOBAL read_only = OFF')
    await recipient.query('CREATE DATABASE other')
    await recipient.kill()
    return { source, replica, recipient }
  }

  /** The seeded server starts as what its donor was, and follows the source. */
  async function expectReplica(source: TestServer, replica: TestServer, recipient: TestServer): Promise<void> {
    await recipient.start()
    expect(await executed(recipient)).toEqual(await executed(replica))
    expect((await recipient.facts()).serverUuid).not.toBe((await replica.facts()).serverUuid ?? 'none')
    await source.query("INSERT INTO d.t (content) VALUES ('later')")
    await follow(...recipient.talk, sourceAt(source), soon())
    expect(await awaitExecuted(...recipient.talk, await executed(source), soon())).toBe(true)
    for (const query of ['CHECKSUM TABLE d.t', "SELECT COUNT(*) FROM mysql.user WHERE User = 'reader'"]) {
      await expect.poll(() => recipient.query(query), SEEN).toEqual(await source.query(query))
    }
    expect(await recipient.query("SHOW DATABASES LIKE 'other'")).toEqual([])
  }

  async function becomesReplica(farm: ServerFarm, method: Method): Promise<void> {
    const { source, replica, recipient } = await three(farm)
    await runSeed(await orderOf(farm, method, { donor: replica, recipient }))
    await expectReplica(source, replica, recipient)
  }

  test('a server gets the data of a replica by its usual way, and follows the source', async () => {
    await becomesReplica(farm(), usualMethod(farm()))
  })

  test('the same by a dump', async () => {
    await becomesReplica(farm(), 'dump')
  })

  /** Run a seed in a process of its own and kill that; whether it came to its end before. */
  async function cutShort(order: SeedOrder, afterMs: number): Promise<boolean> {
    const child = spawn(process.execPath, [PROGRAM, JSON.stringify(order)], { stdio: 'ignore' })
    const ended = once(child, 'exit')
    await Promise.race([ended, delay(afterMs)])
    child.kill('SIGKILL')
    await ended
    return child.exitCode === 0
  }

  test('killed anywhere, a seed leaves no server that starts on what is half there, and goes on when it is called again', async () => {
    const { source, replica, recipient } = await three(farm())
    const order = await orderOf(farm(), usualMethod(farm()), { donor: replica, recipient })
    let interrupted = 0
    let whole = false
    for (let afterMs = 300; !whole; afterMs = Math.round(afterMs * 1.5)) {
      whole = await cutShort(order, afterMs)
      if ((await readMarker(order.dataDirectory)) === undefined) continue
      interrupted++
      await expect(recipient.start()).rejects.toMatchObject({ kind: 'misconfigured' })
    }
    expect(interrupted).toBeGreaterThan(0)
    await expectReplica(source, replica, recipient)
  })
})
