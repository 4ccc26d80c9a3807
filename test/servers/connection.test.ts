import { kill } from 'node:process'
import { beforeAll, expect, test } from 'vitest'
import { type Connection, connect } from '../../lib/mysql/connection.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { eachEngine } from './each-engine.ts'
import { soon, type TestServer } from './test-server.ts'

const ORDINARY = { user: 'ordinary', password: "it's a \\ secret" }

eachEngine(farm => {
  let server: TestServer

  beforeAll(async () => {
    server = await farm().start(['max_connections=20', 'local_infile=ON'])
    for (const statement of server.flavour.openWrites) await server.query(statement)
    await server.query(`CREATE USER ordinary@'%' IDENTIFIED BY 'it''s a \\\\ secret'`)
    await server.query('CREATE DATABASE d')
    await server.query('CREATE TABLE d.lines (line TEXT)')
    await server.query("GRANT ALL ON d.* TO ordinary@'%'")
  })

  const overTcp = (account = ORDINARY) => connect({ host: '127.0.0.1', port: server.port }, account, soon())

  test('root logs in over the socket without a password', async () => {
    expect(await server.value('SELECT CURRENT_USER()')).toBe('root@localhost')
  })

  test('root logs in by being root, where the server asks the operating system', async () => {
    if (server.flavour.name === 'mariadb')
      return expect(await server.value("SHOW CREATE USER 'root'@'localhost'")).toMatch(/unix_socket/)
    await server.query("INSTALL PLUGIN auth_socket SONAME 'auth_socket.so'")
    await server.query("ALTER USER 'root'@'localhost' IDENTIFIED WITH auth_socket")
    const session = await server.session()
    expect(await session.query('SELECT CURRENT_USER() AS account', soon())).toEqual([{ account: 'root@localhost' }])
    session.close()
    await server.query('CREATE USER somebody@localhost IDENTIFIED WITH auth_socket')
    await expect(server.session({ user: 'somebody' })).rejects.toMatchObject({ kind: 'denied', code: 1698 })
  })

  test('values keep every digit and every letter', async () => {
    const [row] = await server.query(
      "SELECT 18446744073709551615 AS n, 'grün' AS t, NULL AS nothing, x'00ff' = x'00ff' AS b",
    )
    expect(row).toEqual({ n: '18446744073709551615', t: 'grün', nothing: null, b: '1' })
  })

  test('a password goes over TCP without TLS, encrypted with the key of the server where it must', async () => {
    const session = await overTcp()
    expect(await session.query('SELECT CURRENT_USER() AS account', soon())).toEqual([{ account: 'ordinary@%' }])
    session.close()
  })

  test('a wrong password is denied', async () => {
    await expect(overTcp({ ...ORDINARY, password: 'wrong' })).rejects.toMatchObject({ kind: 'denied', code: 1045 })
  })

  test('a privilege that is missing is denied', async () => {
    const session = await overTcp()
    await expect(session.query('SET GLOBAL read_only = OFF', soon())).rejects.toMatchObject({
      kind: 'denied',
      code: 1227,
    })
    session.close()
  })

  test('a socket without a server and a port without one are unreachable', async () => {
    const nowhere = { socket: `${server.launch.socket}.none` }
    await expect(connect(nowhere, { user: 'root' }, soon())).rejects.toMatchObject({ kind: 'unreachable' })
    const port = { host: '127.0.0.1', port: 1 }
    await expect(connect(port, { user: 'root' }, soon())).rejects.toMatchObject({ kind: 'unreachable' })
  })

  test('the error of a statement tells the server’s number and not the statement', async () => {
    const failure = server.query("CREATE USER x@localhost IDENTIFIED BY 'secret' BOGUS")
    await expect(failure).rejects.toMatchObject({ kind: 'rejected', code: 1064 })
    await expect(failure).rejects.not.toThrow(/secret/)
  })

  test('the server cannot fetch files of this machine', async () => {
    const load = server.query("LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE d.lines")
    await expect(load).rejects.toMatchObject({ kind: 'rejected' })
    expect(await server.value('SELECT COUNT(*) FROM d.lines')).toBe('0')
  })

  test('a server without a connection left is crowded, and lives', async () => {
    const sessions: Connection[] = []
    const fill = async () => {
      for (let n = 0; n < 25; n++) sessions.push(await overTcp())
    }
    await expect(fill()).rejects.toMatchObject({ kind: 'crowded', code: 1040 })
    expect(await server.value('SELECT 1')).toBe('1')
    for (const session of sessions) session.close()
  })

  test('a server that is stopped and never greets is given up at the deadline', async () => {
    const open = await server.session()
    kill(server.process.pid, 'SIGSTOP')
    try {
      const deadline = Deadline.in(300)
      await expect(server.session({ user: 'root' }, deadline)).rejects.toMatchObject({ kind: 'timed-out' })
      await expect(open.query('SELECT 1', Deadline.in(100))).rejects.toMatchObject({ kind: 'timed-out' })
      expect(open.closed).toBe(true)
      await expect(open.query('SELECT 1', soon())).rejects.toMatchObject({ kind: 'unreachable' })
    } finally {
      kill(server.process.pid, 'SIGCONT')
    }
    expect(await server.value('SELECT 1')).toBe('1')
  })

  test('a statement that takes longer than its deadline ends with its session', async () => {
    const session = await server.session()
    await expect(session.query('SELECT SLEEP(20)', Deadline.in(100))).rejects.toThrow(/no answer to SELECT SLEEP/)
    expect(session.closed).toBe(true)
  })

  test('a session whose server dies is unreachable', async () => {
    const session = await server.session()
    await server.kill()
    await expect(session.query('SELECT 1', soon())).rejects.toMatchObject({ kind: 'unreachable' })
    expect(session.closed).toBe(true)
  })
})
