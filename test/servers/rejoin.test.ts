import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { awaitExecuted } from '../../lib/mysql/applier-progress.ts'
import { binaryLogs } from '../../lib/mysql/binary-log-files.ts'
import { changesIn, describeLog, LOG_READER, timeIn } from '../../lib/mysql/binary-log-text.ts'
import { findTransactions, stretches } from '../../lib/mysql/find-transactions.ts'
import { follow } from '../../lib/mysql/follow.ts'
import { contains, type GtidSet, isEmpty, subtract } from '../../lib/mysql/gtid-set.ts'
import { replaceHistory } from '../../lib/mysql/history.ts'
import { readExecuted } from '../../lib/mysql/read-server.ts'
import { forgetSource } from '../../lib/mysql/replication.ts'
import { closeWrites, openWrites } from '../../lib/mysql/write-gate.ts'
import { eachEngine } from './each-engine.ts'
import { sourceAt, startPair } from './pair.ts'
import { SEEN, soon, type TestServer } from './test-server.ts'

eachEngine(farm => {
  const executed = (server: TestServer) => readExecuted(...server.talk, soon())
  const logsOf = ({ launch: { dataDirectory } }: TestServer) =>
    binaryLogs({ indexFile: join(dataDirectory, 'binlog.index'), dataDirectory }, soon())
  const reader = () => farm().program(LOG_READER[farm().engine.flavour])

  /** A replica that was written to beside its source: in two of its logs, and the source went on. */
  const startDiverged = async () => {
    const { source, replica } = await startPair(farm(), ['binlog_format=ROW'])
    await source.query("INSERT INTO d.t (content) VALUES ('everywhere')")
    expect(await awaitExecuted(...replica.talk, await executed(source), soon())).toBe(true)
    await forgetSource(...replica.talk, soon())
    await openWrites(...replica.talk, soon())
    await replica.query("INSERT INTO d.t (id, content) VALUES (1000, 'here alone')")
    await replica.query('FLUSH BINARY LOGS')
    await replica.query("UPDATE d.t SET content = 'changed here' WHERE id = 1000")
    await replica.query('CREATE TABLE d.own (id INT PRIMARY KEY)')
    await closeWrites(...replica.talk, soon())
    await source.query("INSERT INTO d.t (content) VALUES ('since then')")
    return { source, replica, own: subtract(await executed(replica), await executed(source)) }
  }

  const shared = async (replica: TestServer, source: TestServer): Promise<GtidSet> => {
    const all = await executed(replica)
    return subtract(all, subtract(all, await executed(source)))
  }

  test('what only one server holds is found in its binary logs, and shown with tables and rows', async () => {
    const { replica, own } = await startDiverged()
    const found = findTransactions(logsOf(replica), own)
    expect(found).toHaveLength(3)
    expect(new Set(found.map(({ file }) => file)).size).toBe(2)
    expect(stretches(found)).toHaveLength(2)

    const texts: string[] = []
    for (const one of found) texts.push(await describeLog(await reader(), one, 'for people', soon()))
    const [inserted, updated, created] = texts.map(text => changesIn(text).join('\n'))
    expect(inserted).toMatch(/^INSERT INTO `d`\.`t`\nSET\n\s+@1=1000\b.*\n\s+@2='here alone'/)
    expect(updated).toMatch(/^UPDATE `d`\.`t`\nWHERE\n(.*\n)*.*'here alone'(.*\n)*SET\n(.*\n)*.*'changed here'/)
    expect(created).toMatch(/CREATE TABLE d\.own \(id INT PRIMARY KEY\)/)
    expect(timeIn(texts[0] ?? '')).toMatch(/^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d$/)
  })

  test('what is saved is what a server can execute', async () => {
    const { source, replica, own } = await startDiverged()
    const file = join(farm().home, 'saved.sql')
    await writeFile(file, '')
    for (const part of stretches(findTransactions(logsOf(replica), own)))
      await describeLog(await reader(), part, 'for servers', soon(), file)
    const text = await readFile(file, 'utf8')
    expect(text.match(/^BINLOG '/gm)?.length).toBeGreaterThanOrEqual(2)
    expect(text).toMatch(/^### {3}@2='changed here'/m)

    const client = await farm().program(farm().engine.flavour === 'mysql' ? 'mysql' : 'mariadb')
    const anyOrder = farm().engine.flavour === 'mariadb' ? 'SET GLOBAL gtid_strict_mode = OFF;' : ''
    const { command } = await import('../../lib/system/command.ts')
    const socket = `--socket=${source.launch.socket}`
    const applied = await command(client, [socket, '--user=root'], { deadline: soon(), input: `${anyOrder}${text}` })
    expect(applied).toMatchObject({ exitCode: 0 })
    expect(await source.value('SELECT content FROM d.t WHERE id = 1000')).toBe('changed here')
    if (farm().engine.flavour === 'mysql') expect(contains(await executed(source), own)).toBe(true)
  })

  test('a server that forgets what only it holds follows, and keeps its rows', async () => {
    const { source, replica } = await startDiverged()
    const history = await shared(replica, source)
    await replaceHistory(...replica.talk, history, soon())
    await replaceHistory(...replica.talk, history, soon())
    expect(await executed(replica)).toEqual(history)

    await follow(...replica.talk, sourceAt(source), soon())
    await source.query("INSERT INTO d.t (content) VALUES ('afterwards')")
    expect(await awaitExecuted(...replica.talk, await executed(source), soon())).toBe(true)
    expect(isEmpty(subtract(await executed(replica), await executed(source)))).toBe(true)
    const rows = (server: TestServer) => server.query('SELECT content FROM d.t WHERE id <> 1000 ORDER BY id')
    await expect.poll(() => rows(replica), SEEN).toEqual(await rows(source))
    expect(await replica.value('SELECT content FROM d.t WHERE id = 1000')).toBe('changed here')
  })

  test('one that was killed between its old history and its new one gets it at the second attempt', async () => {
    const { source, replica } = await startDiverged()
    const history = await shared(replica, source)
    await replica.query(replica.flavour.forgetHistory[0] ?? '')
    await replica.kill()
    await replica.start()
    await replaceHistory(...replica.talk, history, soon())
    expect(await executed(replica)).toEqual(history)
    await follow(...replica.talk, sourceAt(source), soon())
    expect(await awaitExecuted(...replica.talk, await executed(source), soon())).toBe(true)
  })
})
