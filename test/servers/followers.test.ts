import { expect, test } from 'vitest'
import { stopReplication } from '../../lib/mysql/replication.ts'
import { listReplicaHosts } from '../../lib/mysql/sessions.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { eachEngine } from './each-engine.ts'
import { startPair } from './pair.ts'
import { soon } from './test-server.ts'

eachEngine(farm => {
  test('a source knows from where replicas are connected, and when none is any more', async () => {
    const { source, replica } = await startPair(farm())
    const hosts = () => listReplicaHosts(source.connection, soon())
    const connected = async () => ((await hosts()).length > 0 ? await hosts() : undefined)
    expect(await Deadline.in(20_000).poll(100, connected)).toEqual([
      expect.stringMatching(/^(localhost|127\.0\.0\.1)$/),
    ])
    await stopReplication(...replica.talk, soon())
    await source.query("INSERT INTO d.t (content) VALUES ('x')") // who is gone is noticed when something is sent
    const alone = async () => ((await hosts()).length === 0 ? true : undefined)
    expect(await Deadline.in(30_000).poll(100, alone)).toBe(true)
  })
})
