import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from '../../../agent/commands/command-line.ts'
import { interpret } from '../../../agent/commands/configure-file.ts'
import { printed } from './configure-words.ts'
import { UNWATCHED } from './unwatched.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'heir-file-'))
})
afterAll(() => rm(directory, { recursive: true }))

async function configure(text: string, ...more: readonly string[]) {
  const file = join(directory, 'cluster.yaml')
  await writeFile(file, text)
  return { file, answer: await runCommand(['configure', '--file', file, ...more], UNWATCHED) }
}

const CLUSTER = `
resource: db
nodes:
  alpha: 10.0.0.1
  beta: 10.0.0.2
  gamma: 10.0.0.3
writer-vip: 10.0.0.100/24
reader-vip: [10.0.0.101/24, 10.0.0.102/24]
nic: eth0
engine: mariadb-10.11
set:
  max_replica_lag: 30
  replication_require_ssl: yes
`

test('a file says what the words of a command line would', async () => {
  const set = ['max_replica_lag=30', 'replication_require_ssl=yes']
  const { answer } = await configure(CLUSTER, '--format', 'crm')
  expect(answer).toEqual({ exit: 0, output: printed({ set }) })
})

test('a word of the command line counts before the file', async () => {
  const { answer } = await configure(CLUSTER, '--format', 'my.cnf', '--engine', 'mysql', '--node', 'gamma')
  expect(answer).toEqual({ exit: 0, output: printed({ format: 'my.cnf', engine: 'mysql', node: 'gamma' }) })
})

test('one file is enough for every format', async () => {
  const addresses = ['alpha=10.0.0.1', 'beta=10.0.0.2', 'gamma=10.0.0.3']
  for (const format of ['cib-xml', 'pcs', 'sql', 'haproxy', 'ldirectord', 'sysctl', 'keepalived', 'my.cnf']) {
    const { answer } = await configure(CLUSTER, '--format', format, '--node', 'beta', '--balanced')
    expect(answer.output, format).toBe(
      printed({
        ...{ format, node: 'beta', balanced: true, address: addresses, engine: 'mariadb' },
        set: ['max_replica_lag=30', 'replication_require_ssl=yes'],
      }),
    )
  }
})

const before = (letter: string) => String.fromCharCode(letter.charCodeAt(0) - 1)

/** Each line names the one before it nine times. */
const BOMB = ['a: &a [x]', ...[...'bcdefgh'].map(name => `${name}: &${name} [${`*${before(name)},`.repeat(9)}]`)].join(
  '\n',
)

test('a value is what is written, also where YAML sees a number, and keys keep their order', async () => {
  const nodes = '{ 010: 10.0.0.1, 1.0: 10.0.0.2, 7: 10.0.0.3 }'
  const file = `resource: db\nnodes: ${nodes}\nset: { post_promote_timeout: 060 }\n`
  const { answer } = await configure(file, '--format', 'crm', '--balanced')
  expect(answer.output).toContain('post_promote_timeout=060')
  expect(answer.output).toContain('#uname ne 010 and #uname ne 1.0 and #uname ne 7')
})

test.each<[string, string]>([
  ['resource: [', 'line 1 is no YAML: Flow sequence in block collection must be'],
  ['resource: db\nresource: other', 'line 2 is no YAML: Map keys must be unique'],
  ['resource: db\n\tnodes: [a]', 'line 2 is no YAML: Tabs are not allowed as indentation'],
  ['resource: db\n---\nresource: db', 'line 2 begins another document: leave one in the file'],
  ['resource: *name', 'its aliases (*name) cannot be followed: write the values out'],
  [BOMB, 'its aliases (*name) cannot be followed: write the values out'],
  [`nodes: [${'a,'.repeat(40_000)}]`, 'it has more than 65536 bytes: correct --file'],
  ['- resource', 'it is no map of names and values: begin with "resource: db"'],
  ['[a, b]: c', 'it is no map of names and values: begin with "resource: db"'],
  ['format: crm', 'format belongs to the command line: give --format there'],
  ['just words', 'it is no map of names and values: begin with "resource: db"'],
  ['vip: 10.0.0.1/24', 'vip is unknown: use topology, resource, nodes, writer-vip, '],
  ['resource: [db]', 'resource is no single value: write it behind the colon'],
  ['resource:', 'resource is no single value: write it behind the colon'],
  ['nodes: alpha', 'nodes is no list of names: write [alpha, beta, gamma], or a map of names and addresses'],
  ['nodes: [[alpha]]', 'nodes is no list of names: write [alpha, beta, gamma], or a map of names and addresses'],
  ['nodes: { alpha: }', 'nodes gives alpha no address: write "alpha: 10.0.0.1"'],
  ['reader-vip: [{}]', 'reader-vip is neither an address nor a list of them'],
  ['balancers: {lb1: }', 'balancers gives lb1 no address: write "lb1: 10.0.0.1"'],
  ['balanced: certainly', 'balanced is neither true nor false: write one of them'],
  ['check-port: high', 'check-port is no number: write digits alone'],
  ['set: gtid=off', 'set is no map of parameters: write "durability: strict" below it'],
  ['set: { gtid: [off] }', 'set gives gtid no single value: write it behind the colon'],
])('%j is refused, with the name of the file', async (text, complaint) => {
  const { file, answer } = await configure(text, '--format', 'crm')
  expect(answer).toEqual({ exit: 1, output: '', complaint: expect.stringContaining(complaint) })
  expect(answer.complaint).toContain(`${file}: `)
})

test('a file that is not there is named', async () => {
  const { complaint } = await runCommand(
    ['configure', '--file', '/nonexistent/cluster.yaml', '--format', 'crm'],
    UNWATCHED,
  )
  expect(complaint).toBe('/nonexistent/cluster.yaml cannot be read: ENOENT: correct --file')
})

test('an empty file says nothing, and the command line is asked for the rest', async () => {
  expect((await configure('', '--format', 'crm')).answer.complaint).toBe(
    'the resource has no name: add --resource, such as db',
  )
})

test('one address for readers needs no list', () => {
  const content = new Map([['reader-vip', '10.0.0.101/24']])
  expect(interpret('f', content)).toEqual({ readerVip: ['10.0.0.101/24'] })
})
