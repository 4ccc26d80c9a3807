import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { connect } from '../../lib/mysql/connection.ts'
import { detectFlavour, GRANTS } from '../../lib/mysql/flavour.ts'
import { follow } from '../../lib/mysql/follow.ts'
import { eachEngine } from './each-engine.ts'
import { sourceAt } from './pair.ts'
import { soon } from './test-server.ts'

const LOGGED = [
  ...['general_log=ON', 'general_log_file=general.log'],
  ...['slow_query_log=ON', 'slow_query_log_file=slow.log', 'long_query_time=0', 'log_slow_admin_statements=ON'],
]
const account = { user: 'replicator', password: 'swordfish-17' }

eachEngine(farm => {
  test('the password for replication stands in no log of statements, and other statements do', async () => {
    const [source, replica] = await Promise.all([farm().start(), farm().start(LOGGED)])
    await follow(...replica.talk, sourceAt(source, { account }), soon())
    await replica.query('SELECT 4711')
    for (const name of ['general.log', 'slow.log']) {
      const read = () => readFile(join(replica.launch.dataDirectory, name), 'utf8')
      await expect.poll(read, { timeout: 10_000 }).toContain('SELECT 4711') // a slow statement is logged after its answer
      expect(await read()).not.toContain(account.password)
    }
  })

  test("an account of the agent's own that may not leave a log follows all the same", async () => {
    const [source, replica] = await Promise.all([farm().start(), farm().start()])
    const [open, close] = [replica.flavour.openWrites, replica.flavour.closeWrites]
    const grants = GRANTS[replica.flavour.name].local.map(grant => `GRANT ${grant} TO agent@localhost`)
    for (const statement of [...open, "CREATE USER agent@localhost IDENTIFIED BY 'p'", ...grants, ...close])
      await replica.query(statement)
    const session = await connect({ socket: replica.launch.socket }, { user: 'agent', password: 'p' }, soon())
    await follow(session, await detectFlavour(session, soon()), sourceAt(source, { account }), soon())
    session.close()
    expect((await replica.facts()).replication?.sourcePort).toBe(source.port)
  })
})
