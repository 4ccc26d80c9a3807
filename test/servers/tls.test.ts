import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { awaitExecuted } from '../../lib/mysql/applier-progress.ts'
import { connect, type SourceTls } from '../../lib/mysql/connection.ts'
import { follow } from '../../lib/mysql/follow.ts'
import { readExecuted } from '../../lib/mysql/read-server.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { eachEngine } from './each-engine.ts'
import type { ServerFarm } from './farm.ts'
import { makeSource, REPLICATION, sourceAt } from './pair.ts'
import { soon, type TestServer } from './test-server.ts'

const YEAR = ['-days', '365', '-newkey', 'rsa:2048', '-nodes', '-batch']

/** A certificate authority of its own, and a certificate of it for the servers' address. */
async function certificates(farm: ServerFarm): Promise<void> {
  const at = (name: string) => join(farm.home, name)
  for (const name of ['ca', 'other-ca']) {
    const files = ['-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)]
    await farm.run('openssl', ['req', '-x509', '-subj', `/CN=${name}`, ...YEAR, ...files])
  }
  const request = ['-keyout', at('server.key'), '-out', at('server.csr')]
  await farm.run('openssl', [
    'req',
    '-new',
    '-subj',
    '/CN=server',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-batch',
    ...request,
  ])
  await writeFile(at('names'), 'subjectAltName = IP:127.0.0.1\n')
  const issuer = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('names')]
  await farm.run('openssl', [
    'x509',
    '-req',
    '-in',
    at('server.csr'),
    '-out',
    at('server.pem'),
    '-days',
    '365',
    ...issuer,
  ])
  await farm.run('chown', [farm.user, at('server.key')])
}

eachEngine(farm => {
  let source: TestServer
  let replica: TestServer

  beforeAll(async () => {
    await certificates(farm())
    const [ca, cert, key] = ['ca.pem', 'server.pem', 'server.key'].map(name => join(farm().home, name))
    const options = [`ssl_ca=${ca}`, `ssl_cert=${cert}`, `ssl_key=${key}`]
    ;[source, replica] = await Promise.all([farm().start(options), farm().start()])
    await makeSource(source)
  })

  const verified = (ca: string): SourceTls => ({ mode: 'verified', ca: join(farm().home, ca) })
  const login = (tls: SourceTls) => connect({ host: '127.0.0.1', port: source.port, tls }, REPLICATION, soon())
  const demand = (what: 'SSL' | 'NONE') => source.query(`ALTER USER replicator@'%' REQUIRE ${what}`)

  async function replicates(tls: SourceTls): Promise<boolean> {
    await follow(...replica.talk, sourceAt(source, { tls }), soon())
    await source.query("INSERT INTO d.t (content) VALUES ('a')")
    return awaitExecuted(...replica.talk, await readExecuted(...source.talk, soon()), soon())
  }
  const isEncrypted = async () =>
    Object.entries((await replica.query('SHOW REPLICA STATUS'))[0] ?? {}).some(
      ([name, value]) => /_SSL_Allowed$/.test(name) && value === 'Yes',
    )

  test('a session is in clear, encrypted or verified as it was asked for', async () => {
    await demand('SSL')
    await expect(login({ mode: 'off' })).rejects.toMatchObject({ kind: 'denied', code: 1045 })
    for (const tls of [{ mode: 'required' }, verified('ca.pem')] as const) {
      const session = await login(tls)
      const [row] = await session.query("SHOW SESSION STATUS LIKE 'Ssl_cipher'", soon())
      expect(row?.['Value']).toMatch(/AES|CHACHA/)
      session.close()
    }
  })

  test('a server that shows a certificate of somebody else is not logged in to', async () => {
    await expect(login(verified('other-ca.pem'))).rejects.toMatchObject({ kind: 'rejected' })
    const byName = { host: 'localhost', port: source.port, tls: verified('ca.pem') }
    await expect(connect(byName, REPLICATION, soon())).rejects.toMatchObject({ kind: 'rejected' })
    await expect(login(verified('none.pem'))).rejects.toMatchObject({ kind: 'misconfigured' })
  })

  test('a replica encrypts and verifies as it was told', async () => {
    await demand('SSL')
    expect(await replicates({ mode: 'required' })).toBe(true)
    expect(await isEncrypted()).toBe(true)
    expect(await replicates(verified('ca.pem'))).toBe(true)
    await follow(...replica.talk, sourceAt(source, { tls: verified('other-ca.pem') }), soon())
    const refused = await Deadline.in(10_000).poll(50, async () => (await replica.facts()).replication?.receiverError)
    expect(refused).toMatch(/certificate|SSL/i)
  })

  test('a replica that encrypted stops to, when it is told', async () => {
    await demand('NONE')
    expect(await replicates({ mode: 'off' })).toBe(true)
    expect(await isEncrypted()).toBe(false)
  })
})
