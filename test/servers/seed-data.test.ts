import { expect, test } from 'vitest'
import { awaitExecuted } from '../../lib/mysql/applier-progress.ts'
import { follow } from '../../lib/mysql/follow.ts'
import { contains } from '../../lib/mysql/gtid-set.ts'
import { readExecuted } from '../../lib/mysql/read-server.ts'
import { eachEngine } from './each-engine.ts'
import type { ServerFarm } from './farm.ts'
import { sourceAt, startPair } from './pair.ts'
import { type Method, seed, usualMethod } from './seeding.ts'
import { soon, type TestServer } from './test-server.ts'

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

  async function becomesReplica(farm: ServerFarm, method: Method): Promise<void> {
    const { source, replica, recipient } = await three(farm)
    const atStart = await executed(replica)
    await seed(farm, method, { donor: replica, recipient })
    await source.query("INSERT INTO d.t (content) VALUES ('later')")

    await recipient.start()
    expect(await executed(recipient)).toEqual(atStart)
    expect(contains(await executed(source), await executed(recipient))).toBe(true)
    expect((await recipient.facts()).serverUuid).not.toBe((await replica.facts()).serverUuid ?? 'none')
    await follow(...recipient.talk, sourceAt(source), soon())
    expect(await awaitExecuted(...recipient.talk, await executed(source), soon())).toBe(true)
    for (const query of ['CHECKSUM TABLE d.t', "SELECT COUNT(*) FROM mysql.user WHERE User = 'reader'"]) {
      expect(await recipient.query(query)).toEqual(await source.query(query))
    }
    expect(await recipient.query("SHOW DATABASES LIKE 'other'")).toEqual([])
  }

  test('a server gets the data of a replica by its usual way, and follows the source', async () => {
    await becomesReplica(farm(), usualMethod(farm()))
  })

  test('the same by a dump', async () => {
    await becomesReplica(farm(), 'dump')
  })
})
