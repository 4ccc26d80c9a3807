import { writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { examine } from '../../agent/commands/check.ts'
import type { ClientRole } from '../../agent/readiness.ts'
import { eachEngine } from './each-engine.ts'
import { startPair } from './pair.ts'
import { soon, type TestServer } from './test-server.ts'

/** What a node keeps of the CIB: the resource, the source record, and what else is remembered. */
function cib(socket: string, source: string, attributes = ''): string {
  const record = `epoch=1 node=${source} acks=1 proven=yes boot=b synced=yes host=127.0.0.1 port=1 server=1 log=binlog.000001 pos=4 gtid=`
  return `<cib><configuration>
    <crm_config><cluster_property_set id="heir"><nvpair id="r" name="db-source" value="${record}"/></cluster_property_set></crm_config>
    <nodes><node id="1" uname="${hostname()}"><instance_attributes id="a">${attributes}</instance_attributes></node></nodes>
    <resources><primitive id="db" class="ocf" provider="heir" type="mysql">
      <instance_attributes id="p"><nvpair id="s" name="socket" value="${socket}"/></instance_attributes>
    </primitive></resources>
  </configuration></cib>`
}

eachEngine(farm => {
  let source: TestServer
  let replica: TestServer

  beforeAll(async () => {
    const pair = await startPair(farm())
    source = pair.source
    replica = pair.replica
  })

  const ask = async (server: TestServer, role: ClientRole, timeoutMs = 10_000) => {
    const settings = { OCF_RESKEY_socket: server.launch.socket }
    return (await examine({ resource: undefined, settings, timeoutMs }, '/nonexistent'))(role)
  }

  const askManaged = async (role: ClientRole, text: string) => {
    const file = join(farm().home, 'cib.xml')
    await writeFile(file, text)
    return (await examine({ resource: undefined, settings: {}, timeoutMs: 10_000 }, file))(role)
  }

  test('without Pacemaker, the source is writable and its replica readable', async () => {
    expect(await ask(source, 'writable')).toEqual({ exit: 0, output: `writable: ${hostname()} takes writes\n` })
    expect(await ask(replica, 'writable')).toEqual({ exit: 1, output: `not writable: ${hostname()} takes no writes\n` })
    await expect
      .poll(() => ask(replica, 'readable'), { timeout: 30_000 })
      .toEqual({ exit: 0, output: `readable: ${hostname()} replicates: 0 s behind, of 60 s allowed\n` })
  })

  test('a replica with a stopped applier is not readable, and is again when it runs', async () => {
    const [stop, start] =
      source.flavour.name === 'mysql' ? ['STOP REPLICA', 'START REPLICA'] : ['STOP SLAVE', 'START SLAVE']
    await replica.query(`${stop} SQL_THREAD`)
    expect((await ask(replica, 'readable')).output).toContain('has an applier that is stopped')
    await replica.query(`${start} SQL_THREAD`)
    await expect.poll(async () => (await ask(replica, 'readable')).exit, { timeout: 30_000 }).toBe(0)
  })

  test('in a cluster, the source on record alone is writable', async () => {
    const { socket } = source.launch
    expect(await askManaged('writable', cib(socket, hostname()))).toMatchObject({ exit: 0 })
    const answer = await askManaged('writable', cib(socket, 'beta'))
    expect(answer.output).toBe('not writable: mysqld takes writes, but beta is the source since epoch 1\n')
  })

  test('in a cluster, a node in quarantine is not readable', async () => {
    const mark = '<nvpair id="q" name="db-quarantine" value="it was cut"/>'
    const answer = await askManaged('readable', cib(replica.launch.socket, 'beta', mark))
    expect(answer.output).toBe(`not readable: ${hostname()} has transactions of its own: it was cut\n`)
  })

  test('a memory that cannot be understood takes no server from its writers', async () => {
    const text = cib(source.launch.socket, hostname()).replace('epoch=1 ', '')
    expect(await askManaged('writable', text)).toMatchObject({ exit: 0 })
  })

  test('a server that hangs is not ready within the time', async () => {
    const { pid } = replica.process
    process.kill(pid, 'SIGSTOP')
    const answer = await ask(replica, 'readable', 500)
    process.kill(pid, 'SIGCONT')
    expect(answer).toMatchObject({ exit: 1, output: expect.stringContaining('no greeting in') })
  })

  test('with all connections taken it is not ready, and the line names the remedy', async () => {
    const before = await source.value('SELECT @@GLOBAL.max_connections')
    await source.query('SET GLOBAL max_connections = 10')
    const others = []
    for (let number = 0; number < 12; number++) {
      const session = await source.session({ user: 'root' }, soon()).catch(() => undefined)
      if (session) others.push(session)
    }
    const answer = await ask(source, 'writable', 3000)
    for (const session of others) session.close()
    await source.query(`SET GLOBAL max_connections = ${before}`)
    expect(answer.output).toBe('not writable: mysqld has no connection left: raise max_connections\n')
  })
})
