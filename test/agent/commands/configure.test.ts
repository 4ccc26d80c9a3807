import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { runCommand } from '../../../agent/commands/command-line.ts'
import { configureText } from '../../../agent/commands/configure.ts'
import type { ConfigureArguments } from '../../../agent/commands/configure-request.ts'
import { printed, words } from './configure-words.ts'
import { UNWATCHED } from './unwatched.ts'

const ADDRESSES = ['alpha=10.0.0.1', 'beta=10.0.0.2', 'gamma=10.0.0.3']
const PAIR = { topology: 'multi-primary', nodes: 'alpha,beta', readerVip: [], prefer: 'alpha', failback: true }
const BALANCED = { balanced: true, address: ADDRESSES }
const LVS = {
  ...{ balanced: true, lvs: 'ldirectord', balancers: 'lb1,lb2' },
  address: [...ADDRESSES, 'lb1=10.0.0.11', 'lb2=10.0.0.12'],
}
const VIRTUAL = { ...LVS, lvs: 'keepalived' }

const SITE = ['site_source=10.1.0.100:3306', 'site_ticket=db-site']
const BOOTH = { format: 'booth', set: SITE, boothSite: ['10.0.0.200', '10.1.0.200'], arbitrator: ['10.2.0.1'] }

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

test.each<[Partial<ConfigureArguments>, string]>([
  [{ topology: 'ring' }, 'topology ring is unknown: use single-primary or multi-primary'],
  [{ topology: 'multi-primary' }, 'topology multi-primary is for two nodes, and there are 3: list two'],
  [
    { ...PAIR, readerVip: ['10.0.0.101/24'] },
    'both nodes of topology multi-primary read and write: leave --reader-vip out, clients use --writer-vip',
  ],
  [
    { ...PAIR, set: ['on_diverged=reseed'] },
    'topology multi-primary rebuilds no instance by itself, since each holds writes of its own: set on_diverged to quarantine',
  ],
  [{ ...PAIR, set: ['gtid=off'] }, 'topology multi-primary needs GTIDs, and gtid is off: set gtid to auto'],
  [{ ...PAIR, set: ['acks=2'] }, 'acks is 2, and each instance of a pair has one replica: set acks to 1'],
  [
    { set: ['topology=multi-primary'] },
    '--set topology contradicts the topology single-primary: say it as --topology alone',
  ],
  [{ failback: true }, 'nobody is preferred to go back to: add --prefer with a node'],
  [{ prefer: 'delta' }, 'preferred is "delta", which is no node: use alpha, beta, gamma'],
  [{ set: ['preferred_nodes=alpha,delta'] }, 'preferred is "delta", which is no node: use alpha, beta, gamma'],
  [{ set: ['acks=3'] }, 'acks is 3, and of 3 nodes one is the source: use 2 or less, or list more nodes'],
  [{ set: ['acks=2'], engine: 'mariadb' }, 'acks is 2, and MariaDB waits for one replica: set it to 1'],
  [
    { prefer: 'alpha', set: ['preferred_nodes=beta'] },
    'parameter preferred_nodes is set twice: set it by --set alone, or leave it out there',
  ],
  [{ set: ['failback_after=60'] }, 'failback_after is set, and no node is preferred: set preferred_nodes as well'],
  [
    { format: 'xml' },
    'format xml is unknown: use crm, pcs, cib-xml, my.cnf, sql, sysctl, keepalived, ldirectord, haproxy, booth',
  ],
  [
    { resource: 'my db' },
    'resource my db is no name for a resource: use up to 41 letters, digits, "_" and single "-", a letter first',
  ],
  [
    { resource: 'db--1' },
    'resource db--1 is no name for a resource: use up to 41 letters, digits, "_" and single "-", a letter first',
  ],
  [{ nodes: '' }, 'there are no nodes: list them as --nodes a,b,c'],
  [{ nodes: 'a,,b' }, 'node "" is no host name: list the nodes as a,b,c'],
  [{ nodes: 'a,b,a' }, 'node a is listed twice: name each node once'],
  [{ writerVip: undefined }, 'writers have no address: add --writer-vip, such as 10.0.0.100/24'],
  [{ writerVip: undefined, readerVip: [] }, 'writers have no address: add --writer-vip, such as 10.0.0.100/24'],
  [{ writerVip: '10.0.0.100' }, 'address "10.0.0.100" is not an IP address with a prefix: write it as 10.0.0.100/24'],
  [
    { readerVip: ['10.0.0.300/24'] },
    'address "10.0.0.300/24" is not an IP address with a prefix: write it as 10.0.0.100/24',
  ],
  [{ readerVip: ['10.0.0.100/16'] }, 'address 10.0.0.100 is given twice: use each address once'],
  [{ readerVip: ['fd00::1/64', 'fd00:0::1/64'] }, 'address fd00::1 is given twice: use each address once'],
  [{ writerVip: '' }, 'address "" is not an IP address with a prefix: write it as 10.0.0.100/24'],
  [
    { writerVip: '10.0.0.0/24' },
    'address 10.0.0.0/24 cannot be that of one machine: use a free one of the network of the nodes',
  ],
  [
    { readerVip: ['127.0.0.1/8'] },
    'address 127.0.0.1/8 is reached from its own machine alone: use a free one of the network of the nodes',
  ],
  [{ nic: '}eth0' }, 'nic "}eth0" is no name of a network interface: use one that "ip link" lists'],
  [{ nic: 'eth0:1' }, 'nic "eth0:1" is no name of a network interface: use one that "ip link" lists'],
  [{ set: ['gtid'] }, '--set gtid has no value: write --set gtid=VALUE'],
  [{ set: ['gtid='] }, '--set gtid has no value: write --set gtid=VALUE'],
  [{ set: ['=off'] }, 'parameter "" is unknown: "heir meta-data" lists the parameters'],
  [{ set: ['gtids=off'] }, 'parameter "gtids" is unknown: "heir meta-data" lists the parameters'],
  [{ set: ['gtid=off', 'gtid=auto'] }, 'parameter gtid is set twice: set it once'],
  [{ set: ['gtid=on'] }, 'gtid "on" is not possible: use auto or off'],
  [{ format: 'booth' }, 'there is no ticket: add --set site_ticket=NAME and --set site_source=HOST:PORT'],
  [{ boothVip: '10.0.0.200/24' }, 'there is no ticket: add --set site_ticket=NAME and --set site_source=HOST:PORT'],
  [
    { set: SITE, boothVip: '10.0.0.200' },
    'booth address 10.0.0.200 is not an IP address with a prefix: write it as 10.0.0.200/24',
  ],
  [
    { ...BOOTH, format: 'crm', boothVip: '10.0.0.201/24' },
    'booth address 10.0.0.201 of this site is none of 10.0.0.200, 10.1.0.200: add --booth-site',
  ],
  [{ format: 'booth', set: SITE }, 'booth needs the address that it has at each site: add --booth-site for both'],
  [{ ...BOOTH, arbitrator: [] }, 'of two sites neither can tell alone that the other is gone: add --arbitrator'],
  [{ ...BOOTH, arbitrator: ['10.0.0.200'] }, 'booth address 10.0.0.200 is given twice: use each address once'],
  [{ ...BOOTH, arbitrator: ['witness'] }, 'booth address witness is no IP address: write it as 10.0.0.200'],
  [{ firstServerId: 0 }, 'server_id 0 is none: choose --first-server-id from 1 to 4000000000'],
  [{ format: 'sql' }, 'sql differs by engine: add --engine mysql or mariadb'],
  [{ format: 'sql', engine: 'percona' }, 'engine percona is unknown: use mysql or mariadb, or such as mariadb-10.11'],
  [{ format: 'my.cnf', engine: 'mysql' }, 'my.cnf differs by node: add --node with one of alpha, beta, gamma'],
  [
    { format: 'my.cnf', engine: 'mysql', node: 'delta' },
    'my.cnf differs by node: add --node with one of alpha, beta, gamma',
  ],
  [{ format: '' }, 'the format is not said: add --format with one of crm, pcs, '],
  [{ resource: '' }, 'the resource has no name: add --resource, such as db'],
  [{ format: 'my.cnf', engine: 'mariadb-10.5.9' }, 'mariadb 10.5.9 is too old: use 10.6 or later'],
  [{ format: 'my.cnf', engine: 'mysql-5.7' }, 'mysql 5.7 is too old: use 8.0.26 or later'],
  [{ format: 'my.cnf', engine: 'mysql-8.0.25' }, 'mysql 8.0.25 is too old: use 8.0.26 or later'],
  [{ format: 'my.cnf', engine: 'mysql-new' }, 'engine mysql-new is unknown: use mysql or mariadb'],
  [{ address: ['delta=10.0.0.1'] }, 'address of delta, which is no node: write it as alpha=10.0.0.1'],
  [{ address: ['alpha'] }, 'address "" of alpha is no IP address: write it as alpha=10.0.0.1'],
  [{ address: ['alpha=10.0.0.1/24'] }, 'address "10.0.0.1/24" of alpha is no IP address: write it as alpha=10.0.0.1'],
  [{ address: ['alpha=10.0.0.1', 'alpha=10.0.0.2'] }, 'node alpha has two addresses: give it one'],
  [{ address: ['alpha=10.0.0.1', 'beta=10.0.0.1'] }, 'address 10.0.0.1 is given twice: use each address once'],
  [{ address: ['alpha=10.0.0.100'] }, 'address 10.0.0.100 is given twice: use each address once'],
  [{ checkPort: 0 }, 'port 0 for checks is none: use 1 to 65535'],
  [{ routerId: 254 }, 'virtual routers need the numbers 254 to 256: choose --router-id so that all are from 1 to 255'],
  [{ routerId: Number.NaN }, 'virtual routers need the numbers NaN to NaN'],
  [
    { format: 'haproxy', ...BALANCED, writerVip: undefined, readerVip: [] },
    'clients have no address: add --writer-vip',
  ],
  [{ format: 'haproxy' }, 'the cluster would have the addresses as well: add --balanced, there and for haproxy'],
  [
    { format: 'ldirectord', balanced: true, address: ['alpha=10.0.0.1'] },
    'ldirectord needs the address of each node: add --address beta=10.0.0.1',
  ],
  [
    { format: 'ldirectord', ...BALANCED, readerVip: ['fd00::1/64'] },
    "address fd00::1 and alpha's 10.0.0.1 are of two families: give the nodes addresses of the same one",
  ],
  [{ lvs: 'piranha' }, 'lvs piranha is unknown: use ldirectord or keepalived'],
  [{ balancers: 'lb1' }, 'balancers are for LVS: add --lvs ldirectord or keepalived'],
  [{ lvs: 'ldirectord' }, 'LVS has no balancer: list them as --balancers lb1,lb2'],
  [{ ...LVS, balancers: 'lb1,' }, 'balancer "" is no host name: list the balancers as lb1,lb2'],
  [{ ...LVS, balancers: 'lb1,lb1' }, 'balancer lb1 is listed twice: name each once'],
  [{ ...LVS, balancers: 'beta' }, 'beta is a node and a balancer: use a machine without a server to balance'],
  [{ format: 'keepalived', ...LVS, node: 'lb1' }, 'keepalived tells LVS nothing here: use --lvs keepalived everywhere'],
  [
    { format: 'keepalived', ...VIRTUAL, node: 'beta' },
    'keepalived differs by balancer: add --node with one of lb1, lb2',
  ],
  [
    { format: 'keepalived', ...VIRTUAL, address: [...ADDRESSES, 'lb1=10.0.0.11'], node: 'lb1' },
    'keepalived needs the address of each node: add --address lb2=10.0.0.1',
  ],
  [
    { format: 'keepalived', ...VIRTUAL, node: 'lb1', nic: undefined },
    'keepalived needs the network interface of the addresses: add --nic eth0',
  ],
  [
    { format: 'keepalived', address: ADDRESSES },
    'keepalived differs by node: add --node with one of alpha, beta, gamma',
  ],
  [
    { format: 'keepalived', address: ADDRESSES, node: 'beta', nic: undefined },
    'keepalived needs the network interface of the addresses: add --nic eth0',
  ],
  [
    { format: 'keepalived', address: ADDRESSES, node: 'beta', set: ['socket=/run/my db'] },
    'socket "/run/my db" cannot stand in keepalived.conf: use letters, digits and ./_-',
  ],
])('%j is refused', (change, refusal) => {
  expect(configureText(words(change), undefined)).toEqual({ refusal: expect.stringContaining(refusal) })
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
