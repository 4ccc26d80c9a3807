import { expect, test } from 'vitest'
import { configureText } from '../../../agent/commands/configure.ts'
import type { ConfigureArguments } from '../../../agent/commands/configure-request.ts'
import type { Account } from '../../../lib/mysql/connection.ts'

const words = (change: Partial<ConfigureArguments> = {}): ConfigureArguments => ({
  topology: 'single-primary',
  resource: 'db',
  nodes: 'alpha,beta,gamma',
  writerVip: '10.0.0.100/24',
  readerVip: ['10.0.0.101/24', '10.0.0.102/24'],
  nic: 'eth0',
  format: 'crm',
  engine: undefined,
  node: undefined,
  set: [],
  ...change,
})

function printed(change: Partial<ConfigureArguments>, account?: Account): string {
  const answer = configureText(words(change), account)
  if ('refusal' in answer) throw new Error(answer.refusal)
  return answer.text
}

test.each<[string, Partial<ConfigureArguments>]>([
  ['single-primary.crm', { format: 'crm' }],
  ['single-primary.pcs.sh', { format: 'pcs' }],
  ['single-primary.xml', { format: 'cib-xml' }],
  ['mysql.cnf', { format: 'my.cnf', engine: 'mysql', node: 'beta' }],
  ['mariadb.cnf', { format: 'my.cnf', engine: 'mariadb', node: 'beta' }],
  ['mysql.sql', { format: 'sql', engine: 'mysql', set: ['replication_require_ssl=true'] }],
  ['mariadb.sql', { format: 'sql', engine: 'mariadb' }],
])('%s is what has been accepted by the tools and servers', async (file, change) => {
  await expect(printed(change)).toMatchFileSnapshot(`golden/${file}`)
})

test.each<[Partial<ConfigureArguments>, string]>([
  [{ topology: 'ring' }, 'topology ring is unknown: use single-primary'],
  [{ format: 'xml' }, 'format xml is unknown: use crm, pcs, cib-xml, my.cnf, sql'],
  [
    { resource: 'my db' },
    'resource my db is no name for a resource: use up to 41 letters, digits, "_" and single "-", a letter first',
  ],
  [
    { resource: 'db--1' },
    'resource db--1 is no name for a resource: use up to 41 letters, digits, "_" and single "-", a letter first',
  ],
  [{ nodes: '' }, 'node "" is no host name: list the nodes as a,b,c'],
  [{ nodes: 'a,,b' }, 'node "" is no host name: list the nodes as a,b,c'],
  [{ nodes: 'a,b,a' }, 'node a is listed twice: name each node once'],
  [{ writerVip: undefined }, 'writers have no address: add --writer-vip, such as 10.0.0.100/24'],
  [{ writerVip: undefined, readerVip: [] }, 'writers have no address: add --writer-vip, such as 10.0.0.100/24'],
  [{ writerVip: '10.0.0.100' }, 'address 10.0.0.100 is not an IP address with a prefix: write it as 10.0.0.100/24'],
  [
    { readerVip: ['10.0.0.300/24'] },
    'address 10.0.0.300/24 is not an IP address with a prefix: write it as 10.0.0.100/24',
  ],
  [{ readerVip: ['10.0.0.100/16'] }, 'address 10.0.0.100 is given twice: use each address once'],
  [{ readerVip: ['fd00::1/64', 'fd00:0::1/64'] }, 'address fd00::1 is given twice: use each address once'],
  [{ nic: 'eth0:1' }, 'nic eth0:1 is no name of a network interface: use one that "ip link" lists'],
  [{ set: ['gtid'] }, '--set gtid has no value: write --set gtid=VALUE'],
  [{ set: ['gtids=off'] }, 'parameter gtids is unknown: "heir meta-data" lists the parameters'],
  [{ set: ['gtid=off', 'gtid=auto'] }, 'parameter gtid is set twice: set it once'],
  [{ set: ['gtid=on'] }, 'gtid "on" is not possible: use auto or off'],
  [{ format: 'sql' }, 'sql differs by engine: add --engine mysql or mariadb'],
  [{ format: 'sql', engine: 'percona' }, 'sql differs by engine: add --engine mysql or mariadb'],
  [{ format: 'my.cnf', engine: 'mysql' }, 'my.cnf differs by node: add --node with one of alpha, beta, gamma'],
  [
    { format: 'my.cnf', engine: 'mysql', node: 'delta' },
    'my.cnf differs by node: add --node with one of alpha, beta, gamma',
  ],
])('%j is refused', (change, refusal) => {
  expect(configureText(words(change), undefined)).toEqual({ refusal })
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
