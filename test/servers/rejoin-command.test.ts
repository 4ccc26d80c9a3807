import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { PendingHistory } from '../../agent/commands/pending-history.ts'
import { type RejoinMeans, rejoin } from '../../agent/commands/rejoin.ts'
import { awaitExecuted } from '../../lib/mysql/applier-progress.ts'
import { follow } from '../../lib/mysql/follow.ts'
import { contains, subtract } from '../../lib/mysql/gtid-set.ts'
import { formatGtidSet } from '../../lib/mysql/gtid-text.ts'
import { readExecuted } from '../../lib/mysql/read-server.ts'
import { forgetSource } from '../../lib/mysql/replication.ts'
import { closeWrites, openWrites } from '../../lib/mysql/write-gate.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { UNWATCHED } from '../agent/commands/unwatched.ts'
import { fakeCluster } from './cluster-fakes.ts'
import { eachEngine } from './each-engine.ts'
import { sourceAt, startPair } from './pair.ts'
import { silentLog } from './silent-log.ts'
import { SEEN, soon, type TestServer } from './test-server.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  rebuild.mockReset()
})

/** Stands in for heir seed, which has tests of its own. */
const rebuild = vi.fn<RejoinMeans['rebuild']>()

eachEngine(farm => {
  const executed = (server: TestServer) => readExecuted(...server.talk, soon())

  /** The replica has applied what the source wrote, or cannot: MariaDB's numbers are taken. */
  const isPast = async (source: TestServer, replica: TestServer) => {
    const { replication, executed: own } = await replica.facts()
    return contains(own, await executed(source)) || replication?.applierError !== undefined || undefined
  }

  /** A replica in quarantine, which was written to while it followed; and the command on its node. */
  const startQuarantined = async () => {
    const { source, replica } = await startPair(farm(), ['binlog_format=ROW'])
    await source.query("INSERT INTO d.t (content) VALUES ('everywhere')")
    expect(await awaitExecuted(...replica.talk, await executed(source), soon())).toBe(true)
    await openWrites(...replica.talk, soon())
    await replica.query("INSERT INTO d.t (id, content) VALUES (1000, 'on alpha alone')")
    await closeWrites(...replica.talk, soon())
    await source.query("INSERT INTO d.t (content) VALUES ('meanwhile')")
    expect(await Deadline.in(15_000).poll(50, () => isPast(source, replica))).toBe(true)
    const cluster = await fakeCluster(farm(), { server: replica, source, quarantine: 'alpha was written to' })
    vi.stubEnv('PATH', `${cluster.directory}:${process.env['PATH']}`)
    const home = join(cluster.directory, 'kept')
    const heirRejoin = (words: { save?: string; keep?: boolean; discard?: boolean }) =>
      rejoin(
        { save: undefined, keep: false, discard: false, resource: undefined, timeoutMs: 60_000, ...words },
        { ...UNWATCHED, openLog: silentLog },
        { home, rebuild },
      )
    return { source, replica, cluster, heirRejoin, home }
  }

  test('heir rejoin shows what only its node holds, and changes nothing', async () => {
    const { replica, cluster, heirRejoin } = await startQuarantined()
    const before = await executed(replica)
    const { done, sentence } = await heirRejoin({})
    expect({ done, sentence }).toMatchObject({ done: true, sentence: expect.stringContaining('alpha was written to') })
    expect(sentence).toMatch(/alpha holds transactions that beta lacks: \S+\nIn its binary logs: 1, \d+ bytes\./)
    expect(sentence).toMatch(/INSERT INTO `d`\.`t`\n {2}SET\n {4}@1=1000\b.*\n {4}@2='on alpha alone'/)
    expect(await executed(replica)).toEqual(before)
    expect(await cluster.isQuarantined()).toBe(true)
  })

  test('heir rejoin --save writes a new file for root alone', async () => {
    const { heirRejoin, cluster } = await startQuarantined()
    const save = join(cluster.directory, 'saved.sql')
    expect(await heirRejoin({ save })).toEqual({ done: true, sentence: `saved in ${save}` })
    expect(await readFile(save, 'utf8')).toMatch(/^BINLOG '/m)
    expect((await stat(save)).mode & 0o777).toBe(0o600)
    await expect(heirRejoin({ save })).rejects.toThrow(`${save} exists: choose another name`)
  })

  test('heir rejoin --keep lets the node follow with its rows, and keeps a copy of them', async () => {
    const { source, replica, cluster, heirRejoin, home } = await startQuarantined()
    const { done, sentence } = await heirRejoin({ keep: true })
    expect({ done, sentence }).toMatchObject({ done: true, sentence: expect.stringContaining('stay on alpha alone') })
    expect(await cluster.isQuarantined()).toBe(false)
    expect(contains(await executed(source), await executed(replica))).toBe(true)
    const [copy = '', ...others] = await readdir(home)
    expect(others).toEqual([])
    expect(await readFile(join(home, copy, 'transactions.sql'), 'utf8')).toMatch(/@2='on alpha alone'/)

    await follow(...replica.talk, sourceAt(source), soon())
    await source.query("INSERT INTO d.t (content) VALUES ('afterwards')")
    expect(await awaitExecuted(...replica.talk, await executed(source), soon())).toBe(true)
    await expect.poll(() => replica.value('SELECT COUNT(*) FROM d.t'), SEEN).toBe('4')
    expect(await heirRejoin({ keep: true })).toMatchObject({ done: false })
  })

  test('heir rejoin --keep finishes what was interrupted with no history left', async () => {
    const { source, replica, cluster, heirRejoin, home } = await startQuarantined()
    const all = await executed(replica)
    const history = subtract(all, subtract(all, await executed(source)))
    await forgetSource(...replica.talk, soon())
    await new PendingHistory('db', home).write(formatGtidSet(replica.flavour.name, history))
    await replica.query(replica.flavour.forgetHistory[0] ?? '')
    await replica.kill()
    await replica.start()
    expect(await heirRejoin({ keep: true })).toMatchObject({ done: true })
    expect(await executed(replica)).toEqual(history)
    expect(await cluster.isQuarantined()).toBe(false)
    expect(await new PendingHistory('db', home).read()).toBeUndefined()
  })

  test('heir rejoin --discard keeps a copy, and has the data rebuilt', async () => {
    const { heirRejoin, home } = await startQuarantined()
    rebuild.mockResolvedValueOnce({ done: true, sentence: 'alpha is built anew' })
    const { done, sentence } = await heirRejoin({ discard: true })
    expect({ done, sentence }).toMatchObject({
      done: true,
      sentence: expect.stringMatching(/^alpha is built anew\n.*kept in/),
    })
    expect(rebuild).toHaveBeenCalledOnce()
    expect(await readdir(home)).toHaveLength(1)
  })

  test('heir rejoin looks into the logs of a stopped server as well', async () => {
    const { replica, heirRejoin } = await startQuarantined()
    await replica.kill()
    expect((await heirRejoin({})).sentence).toMatch(/@2='on alpha alone'/)
    expect(await heirRejoin({ keep: true })).toMatchObject({
      done: false,
      sentence: expect.stringContaining('does not run'),
    })
  })
})
