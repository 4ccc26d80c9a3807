import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm, stat, writeFile } from 'node:fs/promises'
import { execPath, kill } from 'node:process'
import { beforeAll, expect, test } from 'vitest'
import { drainRelayLog } from '../../lib/mysql/drain-relay-log.ts'
import { launchServer } from '../../lib/mysql/launch-server.ts'
import { armReplica, armSource } from '../../lib/mysql/semi-sync.ts'
import { awaitExit, findServer, signalServer } from '../../lib/mysql/server-process.ts'
import { openWrites } from '../../lib/mysql/write-gate.ts'
import { command } from '../../lib/system/command.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { eachEngine } from './each-engine.ts'
import { startPair } from './pair.ts'
import { soon, type TestServer } from './test-server.ts'

eachEngine(farm => {
  let source: TestServer
  let replica: TestServer

  beforeAll(async () => {
    ;({ source, replica } = await startPair(farm()))
  })

  test('a server is closed to writes and follows nobody from its first instant, whatever it was before', async () => {
    await drainRelayLog(...replica.talk, soon()) // an armed source waits for acknowledgements of what it applies, too
    await armReplica(...replica.talk, soon())
    await armSource(...replica.talk, 1, soon())
    await openWrites(...replica.talk, soon())
    await replica.kill()
    await writeFile(replica.launch.config ?? '', '[mysqld]\nread_only=OFF\nevent_scheduler=ON\n', { flag: 'a' })
    await replica.start(['--read-only=OFF'])
    const { writable, replication, semiSync } = await replica.facts()
    expect(writable).toBe(false)
    expect(replication).toMatchObject({ receiver: 'stopped', applierRunning: false })
    expect(semiSync).toMatchObject({ sourceEnabled: false, replicaEnabled: false })
    expect(await replica.value('SELECT @@read_only')).toBe('1')
    expect(await replica.value('SELECT @@event_scheduler')).toBe(replica.flavour.name === 'mysql' ? 'ON' : 'OFF')
  })

  test('a server that a persisted variable would open is not started', async () => {
    if (replica.flavour.name === 'mariadb')
      return expect(replica.query('SET PERSIST read_only = OFF')).rejects.toThrow()
    await replica.query('SET PERSIST read_only = OFF')
    await replica.kill()
    await expect(replica.start()).rejects.toThrow(/mysqld-auto.cnf persists read_only = OFF, .*: delete that entry/)
    await rm(`${replica.launch.dataDirectory}/mysqld-auto.cnf`)
    await replica.start()
    expect((await replica.facts()).writable).toBe(false)
  })

  test('the server is found without its pid file, and with that of another server', async () => {
    const { pidFile } = source.launch
    expect(await findServer(source.launch)).toEqual(source.process)
    await rm(pidFile)
    expect(await findServer(source.launch)).toEqual(source.process)
    await writeFile(pidFile, `${replica.process.pid}\n`)
    expect(await findServer(source.launch)).toEqual(source.process)
    expect(await findServer(replica.launch)).toEqual(replica.process)
  })

  test('a server that was stopped in its tracks survives SIGTERM and not SIGKILL', async () => {
    const { process, launch } = source
    kill(process.pid, 'SIGSTOP')
    await signalServer(process, 'SIGTERM')
    expect(await awaitExit(process, Deadline.in(500))).toBe(false)
    expect(await findServer(launch)).toEqual(process)
    await signalServer(process, 'SIGKILL')
    expect(await awaitExit(process, soon())).toBe(true)
    expect(await findServer(launch)).toBeUndefined()
    await signalServer(process, 'SIGKILL')
    await source.start()
    expect(source.process).not.toEqual(process)
  })

  test('SIGTERM ends a server', async () => {
    const { process, launch } = source
    await signalServer(process, 'SIGTERM')
    expect(await awaitExit(process, soon())).toBe(true)
    expect(await findServer(launch)).toBeUndefined()
    await source.start()
  })

  test('directories and log are made for the server’s own user', async () => {
    const directory = `${source.launch.socket}.d`
    await source.kill()
    const elsewhere = { socket: `${directory}/socket`, pidFile: `${directory}/pid`, errorLog: `${directory}/error.log` }
    const process = await launchServer({ ...source.launch, ...elsewhere }, soon())
    const listens = await Deadline.in(30_000).poll(20, async () => stat(elsewhere.socket).catch(() => undefined))
    expect(listens?.isSocket()).toBe(true)
    const owner = { uid: Number(farm().user), gid: Number(farm().group) }
    expect(await stat(directory)).toMatchObject(owner)
    expect(await stat(elsewhere.errorLog)).toMatchObject(owner)
    expect((await stat(elsewhere.errorLog)).mode & 0o777).toBe(0o640)
    await signalServer(process, 'SIGKILL')
    expect(await awaitExit(process, soon())).toBe(true)
    await source.start()
  })

  test('the server outlives the program that started it, and holds none of its files', async () => {
    await source.kill()
    const script = `
      import { launchServer } from '${import.meta.resolve('../../lib/mysql/launch-server.ts')}'
      import { Deadline } from '${import.meta.resolve('../../lib/system/deadline.ts')}'
      const launch = ${JSON.stringify(source.launch)}
      console.log(JSON.stringify(await launchServer(launch, Deadline.in(10_000))))
    `
    const starter = spawn(execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    starter.stdout.on('data', data => {
      output += data
    })
    await once(starter, 'close') // which comes when nobody holds the other end of its output
    const process = JSON.parse(output)
    const found = () => findServer(source.launch).then(server => server !== undefined || undefined)
    expect(await Deadline.in(30_000).poll(20, found)).toBe(true)
    expect(await findServer(source.launch)).toEqual(process)
    await signalServer(process, 'SIGKILL')
    expect(await awaitExit(process, soon())).toBe(true)
    await source.start()
  })

  test('a server holds its lock until it dies', async () => {
    await source.kill()
    const lock = `${source.launch.socket}.held`
    await writeFile(lock, '')
    const isFree = async () =>
      (await command('flock', ['--nonblock', lock, 'true'], { deadline: soon() })).exitCode === 0
    expect(await isFree()).toBe(true)
    const process = await launchServer({ ...source.launch, lock }, soon())
    const found = () => findServer(source.launch).then(server => server !== undefined || undefined)
    expect(await Deadline.in(30_000).poll(20, found)).toBe(true)
    expect(await findServer(source.launch)).toEqual(process)
    expect(await isFree()).toBe(false)
    await signalServer(process, 'SIGKILL')
    expect(await awaitExit(process, soon())).toBe(true)
    expect(await isFree()).toBe(true)
    await source.start()
  })

  test('what keeps a server from starting is in its log', async () => {
    await source.kill()
    const process = await launchServer({ ...source.launch, additional: ['--no-such-option'] }, soon())
    expect(await awaitExit(process, soon())).toBe(true)
    expect(await source.log()).toMatch(/no-such-option/)
    await source.start()
  })

  test('a program that is not there is not installed', async () => {
    const missing = launchServer({ ...source.launch, binary: '/no/such/mysqld' }, soon())
    await expect(missing).rejects.toMatchObject({ kind: 'not-installed' })
  })
})
