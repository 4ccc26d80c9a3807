import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Connection, connect } from '../../lib/mysql/connection.ts'
import { follow } from '../../lib/mysql/follow.ts'
import { forgetSource, stopReplication } from '../../lib/mysql/replication.ts'
import { closeWrites, openWrites } from '../../lib/mysql/write-gate.ts'
import { EXECUTABLE } from '../../packaging/products.ts'
import { printed } from '../agent/commands/configure-words.ts'
import { eachEngine } from './each-engine.ts'
import { makeSource, REPLICATION, sourceAt } from './pair.ts'
import { freePort, soon, type TestServer } from './test-server.ts'

const HOMES = { alpha: '127.0.0.2', beta: '127.0.0.3' } as const
const [WRITERS, READERS] = ['127.0.0.100', '127.0.0.101']
const PATIENCE = { timeout: 30_000, interval: 200 }

eachEngine(farm => {
  const processes: ChildProcess[] = []
  let alpha: TestServer
  let beta: TestServer
  let port: number

  const run = (program: string, args: readonly string[]) => {
    processes.push(spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] }))
  }

  beforeAll(async () => {
    port = await freePort()
    const checkPort = await freePort()
    const at = (host: string) => farm().start([`port=${port}`, `bind_address=${host}`])
    ;[alpha, beta] = await Promise.all([at(HOMES.alpha), at(HOMES.beta)])
    await makeSource(alpha)
    await follow(...beta.talk, sourceAt(alpha, { host: HOMES.alpha, port }), soon())

    const checks = [[HOMES.alpha, alpha] as const, [HOMES.beta, beta] as const]
    for (const [host, { launch }] of checks) {
      run(EXECUTABLE, ['check', '--http', `${checkPort}`, '--listen', host, '--set', `socket=${launch.socket}`])
    }
    const configuration = printed({
      ...{ format: 'haproxy', balanced: true, checkPort, nodes: 'alpha,beta' },
      address: Object.entries(HOMES).map(([node, host]) => `${node}=${host}`),
      ...{ writerVip: `${WRITERS}/8`, readerVip: [`${READERS}/8`], set: [`replication_port=${port}`] },
    })
    const file = join(farm().home, 'haproxy.cfg')
    await writeFile(file, configuration)
    run('haproxy', ['-db', '-q', '-f', file])
  })

  afterAll(async () => {
    for (const process of processes) {
      process.kill('SIGKILL')
      if (process.exitCode === null && process.signalCode === null) await once(process, 'exit')
    }
  })

  const client = (host: string): Promise<Connection> => connect({ host, port }, REPLICATION, soon())

  const serverOf = async (connection: Connection) => {
    const [row] = await connection.query('SELECT @@GLOBAL.server_id AS id', soon())
    return Number(row?.['id'])
  }

  /** Which servers two clients get that are there at the same time; nothing while they get none. */
  const serversAt = async (host: string) => {
    try {
      const clients = await Promise.all([client(host), client(host)])
      const found = await Promise.all(clients.map(serverOf))
      for (const one of clients) one.close()
      return [...new Set(found)].toSorted()
    } catch (error) {
      return String(error)
    }
  }

  const ids = (...servers: TestServer[]) => servers.map(server => server.port).toSorted()

  test('writers get the source, and readers both servers', async () => {
    await expect.poll(() => serversAt(WRITERS), PATIENCE).toEqual(ids(alpha))
    await expect.poll(() => serversAt(READERS), PATIENCE).toEqual(ids(alpha, beta))
  })

  test('a replica whose applier is stopped loses its readers, and gets them back', async () => {
    await stopReplication(...beta.talk, soon())
    await expect.poll(() => serversAt(READERS), PATIENCE).toEqual(ids(alpha))
    await follow(...beta.talk, sourceAt(alpha, { host: HOMES.alpha, port }), soon())
    await expect.poll(() => serversAt(READERS), PATIENCE).toEqual(ids(alpha, beta))
  })

  test('when another server takes the writes, writers get that one, and old connections end', async () => {
    const old = await client(WRITERS)
    expect(await serverOf(old)).toBe(alpha.port)
    await stopReplication(...beta.talk, soon())
    await forgetSource(...beta.talk, soon())
    await closeWrites(...alpha.talk, soon())
    await openWrites(...beta.talk, soon())
    await expect.poll(() => serversAt(WRITERS), PATIENCE).toEqual(ids(beta))
    const fateOfOld = () =>
      serverOf(old).then(
        () => 'open',
        ({ kind }) => kind,
      )
    await expect.poll(fateOfOld, PATIENCE).toBe('unreachable')
    await expect.poll(() => serversAt(READERS), PATIENCE).toEqual(ids(beta))
  })

  test('when nobody takes writes, writers get nobody', async () => {
    await beta.kill()
    await expect.poll(() => serversAt(WRITERS), PATIENCE).toContain('Failure')
  })
})
