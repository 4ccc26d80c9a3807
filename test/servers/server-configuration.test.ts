import { beforeAll, expect, test } from 'vitest'
import { serverConfiguration } from '../../agent/commands/server-configuration.ts'
import { armReplica, armSource, disarmSource } from '../../lib/mysql/semi-sync.ts'
import { eachEngine } from './each-engine.ts'
import { soon, type TestServer } from './test-server.ts'

/** What tells test servers apart, and keeps them to this machine. */
const OWN = /^(?:server_id|report_host|bind_address) /

eachEngine(farm => {
  let server: TestServer

  beforeAll(async () => {
    const text = serverConfiguration(farm().engine.flavour, 'alpha', ['alpha'], 1)
    const settings = text.split('\n').filter(line => /^\w/.test(line) && !OWN.test(line))
    expect(settings.length).toBeGreaterThan(10)
    server = await farm().start(settings)
  })

  test('a server with the configuration that is printed runs, and can be a source and a replica', async () => {
    const { writable, gtid, binaryLog, semiSync } = await server.facts()
    expect({ writable, gtid, file: binaryLog?.file }).toEqual({ writable: false, gtid: true, file: 'binlog.000001' })
    expect(semiSync).toMatchObject({ sourceEnabled: false, replicaEnabled: false, acks: 1 })
  })

  test('it syncs its relay log where that outlives a restart', async () => {
    expect((await server.facts()).relayLogSynced).toBe(server.flavour.name === 'mysql')
  })

  test('it is armed without having to be opened for a plugin', async () => {
    await armReplica(...server.talk, soon())
    await armSource(...server.talk, 1, soon())
    expect((await server.facts()).semiSync).toMatchObject({ sourceEnabled: true, replicaEnabled: true })
    expect(await server.value("SELECT COUNT(*) FROM mysql.plugin WHERE name LIKE 'rpl_semi%'")).toBe('0')
  })

  test('a server that has the plugins installed already starts with it', async () => {
    if (server.flavour.name === 'mariadb') {
      expect(await server.value("SELECT COUNT(*) FROM mysql.plugin WHERE name LIKE 'rpl_semi%'")).toBe('0') // built in
      return
    }
    await disarmSource(...server.talk, soon())
    await server.query('SET GLOBAL super_read_only = OFF')
    for (const side of ['source', 'replica']) {
      await server.query(`INSERT INTO mysql.plugin (name, dl) VALUES ('rpl_semi_sync_${side}', 'semisync_${side}.so')`)
    }
    await server.kill()
    await server.start()
    expect((await server.facts()).semiSync).toMatchObject({ sourceEnabled: false, replicaEnabled: false })
  })
})
