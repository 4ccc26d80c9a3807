import { expect, test } from 'vitest'
import { applyToSite } from '../../agent/apply-to-site.ts'
import { readInvocation } from '../../agent/invocation.ts'
import { parseParameters } from '../../agent/parameters.ts'
import { Session } from '../../agent/session.ts'
import { awaitExecuted } from '../../lib/mysql/applier-progress.ts'
import { readExecuted } from '../../lib/mysql/read-server.ts'
import { startReplication, stopReplication } from '../../lib/mysql/replication.ts'
import { listReplicaHosts } from '../../lib/mysql/sessions.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Log } from '../../lib/system/log.ts'
import { eachEngine } from './each-engine.ts'
import { REPLICATION, startPair } from './pair.ts'
import { soon, type TestServer } from './test-server.ts'

/** What the agent on the source says while it waits for its replica, which is at the port of the resource. */
async function waitFor(source: TestServer, replica: TestServer, timeoutMs: number): Promise<readonly string[]> {
  const said: string[] = []
  const parsed = parseParameters({
    OCF_RESKEY_socket: source.launch.socket,
    OCF_RESKEY_replication_port: String(replica.port),
    OCF_RESKEY_replication_user: REPLICATION.user,
    OCF_RESKEY_replication_passwd: REPLICATION.password,
  })
  if (!parsed.ok) throw new Error(parsed.because)
  const fallback = (line: string) => said.push(line)
  const log = new Log({ writer: 'heir(db)', node: 'alpha', pid: 1, file: undefined, traceFile: undefined, fallback })
  const invocation = readInvocation({ OCF_RESOURCE_INSTANCE: 'db' })
  const deadline = Deadline.in(timeoutMs)
  const session = new Session({ invocation, parameters: parsed.parameters, node: 'alpha', deadline, log })
  await applyToSite({ do: 'await-followers' }, session)
  session.hangUp()
  return said
}

eachEngine(farm => {
  test('a source that gives its role away waits for what follows it, for a while, and for nobody who does not', async () => {
    const { source, replica } = await startPair(farm())
    const hosts = () => listReplicaHosts(source.connection, soon())
    const connected = async () => ((await hosts()).length > 0 ? true : undefined)
    expect(await Deadline.in(20_000).poll(100, connected)).toBe(true)
    await awaitExecuted(...replica.talk, await readExecuted(...source.talk, soon()), soon())
    expect(await waitFor(source, replica, 60_000)).toEqual([])

    await replica.query('STOP REPLICA SQL_THREAD')
    await source.query("INSERT INTO d.t (content) VALUES ('x')")
    const [first = ''] = await hosts()
    expect(await waitFor(source, replica, 6000)).toEqual([
      `warning: the replicas at ${first} have not executed all that was written on alpha`,
    ])
    await startReplication(...replica.talk, soon())
    expect(await waitFor(source, replica, 60_000)).toEqual([])

    await stopReplication(...replica.talk, soon())
    await source.query("INSERT INTO d.t (content) VALUES ('y')") // who is gone is noticed when something is sent
    const alone = async () => ((await hosts()).length === 0 ? true : undefined)
    expect(await Deadline.in(30_000).poll(100, alone)).toBe(true)
    expect(await waitFor(source, replica, 6000)).toEqual([])
  })
})
