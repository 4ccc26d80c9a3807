import { expect, test } from 'vitest'
import { armSource, disarmSource } from '../../lib/mysql/semi-sync.ts'
import { syncCommits } from '../../lib/mysql/sync-commits.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { eachEngine } from './each-engine.ts'
import { makeSource } from './pair.ts'
import { soon, type TestServer } from './test-server.ts'

/** Otherwise the server does it by itself within a second; MySQL as well where it writes pages while it has nothing to do. */
const LAZY = [
  'innodb_flush_log_at_timeout=2700',
  'innodb_flush_log_at_trx_commit=2',
  'sync_binlog=0',
  'loose_innodb_idle_flush_pct=0',
]

eachEngine(farm => {
  const status = async (server: TestServer, name: string) => {
    const rows = await server.query(`SHOW GLOBAL STATUS LIKE '${name}'`)
    return Number(rows[0]?.['Value'])
  }
  /** How far the engine's log has been written, and how far it is on disk. */
  const progress = async (server: TestServer) => {
    const [current, onDisk] =
      server.flavour.name === 'mysql'
        ? ['Innodb_redo_log_current_lsn', 'Innodb_redo_log_flushed_to_disk_lsn']
        : ['Innodb_lsn_current', 'Innodb_lsn_flushed']
    return { current: await status(server, current), onDisk: await status(server, onDisk) }
  }
  const insert = (server: TestServer) => server.query("INSERT INTO d.t (content) VALUES ('a')")

  test('what was committed without waiting for the disk gets there', async () => {
    const server = await farm().start(LAZY)
    await makeSource(server)
    // Any page that the server happens to write takes the log along: what counts is a commit that came after it.
    const before = await soon().poll(20, async () => {
      await insert(server)
      const { current, onDisk } = await progress(server)
      return onDisk < current ? { current } : undefined
    })
    if (!before) throw new Error('the server flushes its log with every commit')

    await server.query('SET GLOBAL innodb_flush_log_at_trx_commit = 1')
    await server.query('SET GLOBAL sync_binlog = 1')
    expect((await server.facts()).commitsSynced).toBe(true)
    const { gtidPosition } = await server.facts()
    await syncCommits(server.connection, soon())
    const onDisk = async () => ((await progress(server)).onDisk >= before.current ? true : undefined)
    // MySQL's status is made by a thread that looks at the log now and then.
    const patience = server.flavour.name === 'mysql' ? 10_000 : 0
    expect(await Deadline.in(patience).poll(20, onDisk)).toBe(true)
    expect((await server.facts()).gtidPosition).toBe(gtidPosition) // it is no transaction
  })

  test('it does not wait behind a commit that waits for an acknowledgement', async () => {
    const server = await farm().start()
    await makeSource(server)
    await armSource(...server.talk, 1, soon())
    const session = await server.session()
    const done = session.query("INSERT INTO d.t (content) VALUES ('b')", Deadline.in(60_000))
    const waits = async () => ((await server.facts()).semiSync?.waitingSessions === 1 ? true : undefined)
    expect(await Deadline.in(15_000).poll(20, waits)).toBe(true)

    await syncCommits(server.connection, soon())
    expect((await server.facts()).semiSync?.waitingSessions).toBe(1)
    await disarmSource(...server.talk, soon())
    await done
    session.close()
  })
})
