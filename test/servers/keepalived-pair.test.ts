import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Deadline } from '../../lib/system/deadline.ts'
import { ENGINES } from '../lab/engines.ts'
import { onNetwork, tethered } from '../lab/enter.ts'
import { waitFor } from '../lab/wait-for.ts'
import { type Attempt, parseRecord } from '../lab/write-record.ts'
import { ServerFarm } from './farm.ts'
import { KeepalivedNodes, type NodeName, WRITERS } from './keepalived-nodes.ts'
import { Primaries } from './primaries.ts'

const PATIENCE = { timeout: 90_000, interval: 500 }
const CLIENT = join(import.meta.dirname, '../lab/client.ts')

let farm: ServerFarm
let nodes: KeepalivedNodes
let primaries: Primaries
let client: ChildProcess
let record: string

const startDaemon = (node: NodeName) => nodes.startDaemon(node, primaries.on(node).launch.socket)

beforeAll(async () => {
  farm = await ServerFarm.open(ENGINES['mariadb-10.11'])
  nodes = await KeepalivedNodes.open(farm.home)
  primaries = await Primaries.start(farm, nodes)
  await startDaemon('alpha')
  const arrived = async () => (await nodes.homesOf(WRITERS)).includes('alpha') || undefined
  await waitFor('the address on alpha', arrived, Deadline.in(PATIENCE.timeout))
  await startDaemon('beta')
  record = join(farm.home, 'record')
  const words = [CLIENT, '--host', WRITERS, '--record', record, '--writers', '1', '--rate', '10', '--seconds', '600']
  const [file = '', ...args] = tethered(onNetwork(nodes.pidOf('switch'), [process.execPath, ...words]))
  client = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] })
})

afterAll(async () => {
  client?.kill('SIGKILL')
  await nodes?.[Symbol.asyncDispose]()
  await farm?.[Symbol.asyncDispose]()
})

const attempts = async (): Promise<Attempt[]> => parseRecord(await readFile(record, 'utf8'))

const acknowledged = (all: readonly Attempt[], node: NodeName, since: number) =>
  all.filter(({ error, server, begin }) => error === undefined && server === node && begin >= since)

/** Wait until the client has written some rows at a node since a time. */
async function writesGoOn(node: NodeName, since: number): Promise<void> {
  await expect.poll(async () => acknowledged(await attempts(), node, since).length, PATIENCE).toBeGreaterThan(20)
}

/** The errors since a time that are not those of the move to a node: those before it was wanted, and after the first write there. */
async function errorsBeyond(node: NodeName, begin: number, since: number): Promise<Attempt[]> {
  const all = await attempts()
  const [first] = acknowledged(all, node, since)
  const arrival = first?.begin ?? 0
  console.log(`to ${node}: ${arrival - since} ms without a write`)
  return all.filter(({ error, end, begin: at }) => error !== undefined && at >= begin && (end < since || at > arrival))
}

test('while all is well the client sees no error', async () => {
  await writesGoOn('alpha', 0)
  expect((await attempts()).filter(({ error }) => error !== undefined)).toEqual([])
})

test('when the server is killed, the client writes on at the other one, and sees no error beyond the move', async () => {
  const since = Date.now()
  await primaries.on('alpha').kill()
  await writesGoOn('beta', since)
  expect(await errorsBeyond('beta', 0, since)).toEqual([])
  expect(await nodes.homesOf(WRITERS)).toEqual(['beta'])
})

test('when that server is back, the two replicate again, and the address stays', async () => {
  const since = Date.now()
  await primaries.restart('alpha')
  await writesGoOn('beta', since)
  expect((await attempts()).filter(({ error, begin }) => error !== undefined && begin >= since)).toEqual([])
})

test('when keepalived is stopped, the client writes on at the other one, and sees no error beyond the move', async () => {
  const since = Date.now()
  await nodes.stopDaemon('beta')
  await writesGoOn('alpha', since)
  expect(await errorsBeyond('alpha', since, since)).toEqual([])
})

test('every acknowledged row is on both servers in the end', async () => {
  client.kill('SIGTERM')
  await once(client, 'exit')
  const all = await attempts()
  await expect.poll(() => primaries.missing(all), PATIENCE).toEqual([[], []])
})
