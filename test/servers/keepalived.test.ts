import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeWrites, openWrites } from '../../lib/mysql/write-gate.ts'
import { command } from '../../lib/system/command.ts'
import { EXECUTABLE } from '../../packaging/products.ts'
import { printed } from '../agent/commands/configure-words.ts'
import { ENGINES } from '../lab/engines.ts'
import { ServerFarm } from './farm.ts'
import { startPair } from './pair.ts'
import { succeed } from './succeed.ts'
import { soon, type TestServer } from './test-server.ts'

const HOMES = { alpha: '10.0.0.1', beta: '10.0.0.2' } as const
type NodeName = keyof typeof HOMES
const [WRITERS, READERS] = ['10.0.0.100', '10.0.0.101']
const PATIENCE = { timeout: 90_000, interval: 500 }

/** A network of its own, and the program where the configuration has it. Lasts until its input ends. */
const NODE = `
mount -t tmpfs tmpfs /mnt
mkdir /mnt/upper /mnt/work
mount -t overlay overlay -o lowerdir=/usr/bin,upperdir=/mnt/upper,workdir=/mnt/work /usr/bin
touch /usr/bin/heir
mount --bind "$0" /usr/bin/heir
echo ready
exec cat`

let farm: ServerFarm
const servers = new Map<NodeName, TestServer>()
const holders = new Map<NodeName, ChildProcess>()
const daemons = new Map<NodeName, ChildProcess>()

const nodes = Object.keys(HOMES) as NodeName[]
const pidOf = (node: NodeName) => String(present(holders.get(node)).pid)
const on = (node: NodeName, argv: readonly string[]) => ['--target', pidOf(node), '--net', '--mount', ...argv]
const talk = (node: NodeName) => present(servers.get(node)).talk

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('not there yet')
  return value
}

async function startNode(node: NodeName): Promise<void> {
  const argv = ['--mount', '--net', 'sh', '-euc', NODE, EXECUTABLE]
  const holder = spawn('unshare', argv, { stdio: ['pipe', 'pipe', 'inherit'] })
  holders.set(node, holder)
  await once(holder.stdout, 'data')
}

async function connectNodes(): Promise<void> {
  const peer = ['peer', 'name', 'eth0', 'netns', pidOf('beta')]
  await succeed('nsenter', on('alpha', ['ip', 'link', 'add', 'eth0', 'type', 'veth', ...peer]))
  for (const node of nodes) {
    await succeed('nsenter', on(node, ['ip', 'address', 'add', `${HOMES[node]}/24`, 'dev', 'eth0']))
    await succeed('nsenter', on(node, ['ip', 'link', 'set', 'eth0', 'up']))
  }
}

async function startDaemon(node: NodeName): Promise<void> {
  const file = join(farm.home, `${node}.conf`)
  const text = printed({
    ...{ format: 'keepalived', nodes: nodes.join(','), node, nic: 'eth0' },
    address: nodes.map(node => `${node}=${HOMES[node]}`),
    ...{ writerVip: `${WRITERS}/24`, readerVip: [`${READERS}/24`] },
    set: [`socket=${present(servers.get(node)).launch.socket}`],
  })
  await writeFile(file, text)
  const pids = [`--pid=${file}.pid`, `--vrrp_pid=${file}.vrrp.pid`]
  const argv = ['keepalived', '--dont-fork', '--vrrp', '--log-console', '--use-file', file, ...pids]
  daemons.set(node, spawn('nsenter', on(node, argv), { stdio: 'ignore' }))
}

async function end(process: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  process.kill(signal)
  if (process.exitCode === null && process.signalCode === null) await once(process, 'exit')
}

/** The nodes that have an address. */
async function homesOf(ip: string): Promise<NodeName[]> {
  const found = await Promise.all(
    nodes.map(async node => {
      const { stdout } = await command('nsenter', on(node, ['ip', '-brief', 'address']), { deadline: soon() })
      return stdout.includes(` ${ip}/`) ? [node] : []
    }),
  )
  return found.flat()
}

beforeAll(async () => {
  farm = await ServerFarm.open(ENGINES['mariadb-10.11'])
  const { source, replica } = await startPair(farm)
  servers.set('alpha', source).set('beta', replica)
  await Promise.all(nodes.map(startNode))
  await connectNodes()
  await Promise.all(nodes.map(startDaemon))
})

afterAll(async () => {
  for (const daemon of daemons.values()) await end(daemon, 'SIGTERM')
  for (const holder of holders.values()) await end(holder, 'SIGKILL')
  await farm[Symbol.asyncDispose]()
})

test('the address for writers is on the source, and the one for readers on the replica', async () => {
  await expect.poll(() => homesOf(WRITERS), PATIENCE).toEqual(['alpha'])
  await expect.poll(() => homesOf(READERS), PATIENCE).toEqual(['beta'])
})

test('the address for writers follows the server that takes them', async () => {
  await closeWrites(...talk('alpha'), soon())
  await openWrites(...talk('beta'), soon())
  await expect.poll(() => homesOf(WRITERS), PATIENCE).toEqual(['beta'])
})

test('a second server that takes writes does not draw it back', async () => {
  await openWrites(...talk('alpha'), soon())
  // Both may be read now and both take writes: readers go to the one that begins their row, which shows that it was asked.
  await expect.poll(() => homesOf(READERS), PATIENCE).toEqual(['beta'])
  expect(await homesOf(WRITERS)).toEqual(['beta'])
})

test('when keepalived ends on a node, the other one gets the addresses', async () => {
  await end(present(daemons.get('beta')), 'SIGTERM')
  await expect.poll(() => homesOf(WRITERS), PATIENCE).toEqual(['alpha'])
  await expect.poll(() => homesOf(READERS), PATIENCE).toEqual(['alpha'])
})

test('it goes on to the node that comes back when the server here is killed', async () => {
  await startDaemon('beta')
  await present(servers.get('alpha')).kill()
  await expect.poll(() => homesOf(WRITERS), PATIENCE).toEqual(['beta'])
})
