import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { runCommand } from '../../../agent/commands/command-line.ts'
import type { ConfigureArguments } from '../../../agent/commands/configure-request.ts'
import { ADDRESSES, BALANCED, BOOTH, LVS, PAIR, VIRTUAL } from './configure-setups.ts'
import { printed } from './configure-words.ts'
import { UNWATCHED } from './unwatched.ts'

test.each<[string, Partial<ConfigureArguments>]>([
  ['booth.conf', BOOTH],
  ['booth.crm', { ...BOOTH, format: 'crm', boothVip: '10.0.0.200/24' }],
  ['booth.pcs.sh', { ...BOOTH, format: 'pcs', boothVip: '10.0.0.200/24' }],
  ['booth.xml', { ...BOOTH, format: 'cib-xml', boothVip: '10.0.0.200/24' }],
  ['single-primary.crm', { format: 'crm' }],
  ['single-primary.pcs.sh', { format: 'pcs' }],
  ['single-primary.xml', { format: 'cib-xml' }],
  ['multi-primary.crm', { format: 'crm', ...PAIR }],
  ['multi-primary.pcs.sh', { format: 'pcs', ...PAIR }],
  ['multi-primary.xml', { format: 'cib-xml', ...PAIR }],
  ['multi-primary-mysql.cnf', { format: 'my.cnf', engine: 'mysql', node: 'beta', ...PAIR }],
  ['multi-primary-mariadb.cnf', { format: 'my.cnf', engine: 'mariadb', node: 'beta', ...PAIR }],
  ['mysql.cnf', { format: 'my.cnf', engine: 'mysql', node: 'beta' }],
  ['mariadb.cnf', { format: 'my.cnf', engine: 'mariadb', node: 'beta' }],
  ['mysql.sql', { format: 'sql', engine: 'mysql', set: ['replication_require_ssl=true'] }],
  ['mariadb.sql', { format: 'sql', engine: 'mariadb' }],
  ['haproxy.cfg', { format: 'haproxy', ...BALANCED }],
  ['ldirectord.cf', { format: 'ldirectord', ...BALANCED }],
  ['sysctl.conf', { format: 'sysctl', ...BALANCED }],
  ['lvs.crm', { format: 'crm', ...LVS }],
  ['lvs.pcs.sh', { format: 'pcs', ...LVS }],
  ['lvs.xml', { format: 'cib-xml', ...LVS }],
  ['lvs-sysctl.conf', { format: 'sysctl', ...LVS }],
  ['virtual-server.conf', { format: 'keepalived', ...VIRTUAL, node: 'lb2' }],
  ['keepalived.conf', { format: 'keepalived', ...BALANCED, node: 'beta', set: ['max_replica_lag=5', 'acks=1'] }],
])('%s is what has been accepted by the tools and servers', async (file, change) => {
  await expect(printed(change)).toMatchFileSnapshot(`golden/${file}`)
})

test('parameters that are set go to the resource, and the file of accounts to its usual place', () => {
  const text = printed({ set: ['datadir=/srv/mysql', "additional_parameters=--port=3307 --init-connect='a b'"] })
  expect(text).toContain('params credentials=/etc/heir/credentials.cnf datadir=/srv/mysql ')
  expect(text).toContain(`additional_parameters='--port=3307 --init-connect='\\''a b'\\'''`)
})

test('an account that is set already needs no file of accounts', () => {
  expect(printed({ set: ['credentials=/root/db.cnf'] })).toContain('params credentials=/root/db.cnf \\')
  expect(printed({ set: ['replication_user=repl'] })).not.toContain('params credentials=')
})

test('what is wrong with a parameter but not fatal is said first', () => {
  expect(printed({ set: ['max_slave_lag=10'] })).toMatch(/^# max_slave_lag is the old name of max_replica_lag/)
})

test('reader addresses follow the attribute that the agent sets', () => {
  expect(printed({ set: ['reader_attribute=db_readable'] })).toContain('rule 1000: db_readable eq 1')
})

test('no comment contains "--", which crmsh cannot keep in the CIB', () => {
  const comments =
    printed({ nodes: 'a,b', set: ['node_list=a', 'replication_master_ssl_ca=/ca'] }).match(/^#.*/gm) ?? []
  expect(comments.length).toBeGreaterThan(10)
  expect(comments.filter(line => /--|-$/.test(line))).toEqual([])
})

test('without an interface the routing table decides', () => {
  expect(printed({ nic: undefined })).not.toContain('nic=')
})

test('servers have the number of their node', () => {
  const identity = (node: string) =>
    printed({ format: 'my.cnf', engine: 'mysql', node }).match(/server_id = (\d+)/)?.[1]
  expect(['alpha', 'beta', 'gamma'].map(identity)).toEqual(['1', '2', '3'])
})

test('a password comes from the file of accounts and is quoted for SQL', () => {
  const text = printed({ format: 'sql', engine: 'mysql' }, { user: "o'repl", password: "p'a\\s" })
  expect(text).toContain(`CREATE USER IF NOT EXISTS 'o''repl'@'%' IDENTIFIED BY 'p''a\\\\s';`)
  expect(text).not.toContain('<<<')
})

test('an empty password is refused: an account with one is open to everybody', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'heir-account-')), 'credentials.cnf')
  await writeFile(file, '[replication]\nuser = r\npassword =\n', { mode: 0o600 })
  const words = ['configure', '--resource', 'db', '--nodes', 'a,b', '--format', 'sql', '--engine', 'mysql']
  expect(await runCommand([...words, '--credentials', file], UNWATCHED)).toMatchObject({
    exit: 1,
    complaint: `credentials ${file} has an empty password, by which anybody could log in: choose one`,
  })
  await rm(dirname(file), { recursive: true })
})

test('without a password the first statement is an error, so that nothing runs', () => {
  const statements = printed({ format: 'sql', engine: 'mysql' }).replaceAll(/^#.*\n/gm, '')
  expect(statements).toMatch(/^DO <<< put the password/)
})

test('statements about accounts stay out of the binary log, and the server is as closed as before', () => {
  const statements = printed({ format: 'sql', engine: 'mysql' }, { user: 'r', password: 'x' })
    .replaceAll(/^#.*\n/gm, '')
    .split(/;\n+/)
  expect(statements[0]).toBe('SET SESSION sql_log_bin = 0')
  expect(statements).toContain('SET GLOBAL super_read_only = @super_read_only')
})

test('an engine may have its version, and a version that ends early is any of its series', () => {
  for (const engine of ['mysql-8.0', 'mysql-8.0.26', 'mysql-9.7', 'mariadb-10.6', 'mariadb-11.8.2', 'mariadb']) {
    expect(printed({ format: 'my.cnf', engine, node: 'alpha' })).toContain('server_id = 1')
  }
})

test('a cluster behind balancers moves no address', () => {
  for (const format of ['crm', 'pcs', 'cib-xml']) {
    const text = printed({ format, ...BALANCED })
    expect(text).toContain('db-clone-only-on-its-nodes')
    expect(text).not.toMatch(/IPaddr2|db-writer|db-reader/)
  }
})

test('a balancer may sit where its clients are', () => {
  const local = { ...BALANCED, writerVip: '127.0.0.1/8', readerVip: [] }
  expect(printed({ ...local, format: 'haproxy' })).toContain('bind 127.0.0.1:3306')
})

test('addresses for readers begin their rows with one node after the other', () => {
  const priorities = (node: string) => {
    const text = printed({ format: 'keepalived', address: ADDRESSES, node })
    return [...text.matchAll(/priority (\d+)/g)].map(([, number]) => number)
  }
  expect(['alpha', 'beta', 'gamma'].map(priorities)).toEqual([
    ['100', '98', '99'],
    ['99', '100', '98'],
    ['98', '99', '100'],
  ])
})

test('a word with one value that is given twice is refused, and one with many is not', async () => {
  const once = ['configure', '--resource', 'db', '--nodes', 'a,b', '--writer-vip', '10.0.0.1/24', '--format', 'crm']
  const readers = ['--reader-vip', '10.0.0.2/24', '--reader-vip', '10.0.0.3/24']
  expect(await runCommand([...once, ...readers], UNWATCHED)).toMatchObject({ exit: 0 })
  const { exit, complaint } = await runCommand([...once, '--writer-vip', '10.0.0.4/24'], UNWATCHED)
  expect({ exit, complaint }).toEqual({ exit: 1, complaint: expect.stringContaining('--writer-vip is given twice') })
})

test('--apply and --diff are about the cluster alone', async () => {
  const words = ['configure', '--resource', 'db', '--nodes', 'a,b', '--writer-vip', '10.0.0.1/24']
  expect(await runCommand([...words, '--diff', '--format', 'sql'], UNWATCHED)).toMatchObject({
    exit: 1,
    complaint: '--diff is about the cluster, and sql is not: leave --format out',
  })
  expect(await runCommand([...words, '--diff', '--apply'], UNWATCHED)).toMatchObject({
    exit: 1,
    complaint: '--diff changes nothing and --apply does: give one of them',
  })
  expect(await runCommand([...words.slice(0, 5), '--apply'], UNWATCHED)).toMatchObject({
    exit: 1,
    complaint: 'writers have no address: add --writer-vip, such as 10.0.0.100/24',
  })
})

test('preference and fail-back are parameters of a single primary, and about the address of a pair', () => {
  expect(printed({ prefer: 'beta, alpha', failback: true })).toContain('preferred_nodes=beta,alpha failback_after=60')
  expect(printed({ ...PAIR, failback: false })).toMatch(/resource-stickiness=100/)
  expect(printed(PAIR)).not.toMatch(/preferred_nodes|failback_after/)
})
