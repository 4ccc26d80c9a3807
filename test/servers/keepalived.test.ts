import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeWrites, openWrites } from '../../lib/mysql/write-gate.ts'
import { ENGINES } from '../lab/engines.ts'
import { ServerFarm } from './farm.ts'
import { KeepalivedNodes, NODES, type NodeName, READERS, WRITERS } from './keepalived-nodes.ts'
import { startPair } from './pair.ts'
import { soon, type TestServer } from './test-server.ts'

const PATIENCE = { timeout: 90_000, interval: 500 }

let farm: ServerFarm
let nodes: KeepalivedNodes
let servers: Readonly<Record<NodeName, TestServer>>

const homesOf = (ip: string) => nodes.homesOf(ip)
const startDaemon = (node: NodeName) => nodes.startDaemon(node, servers[node].launch.socket)
const talk = (node: NodeName) => servers[node].talk

beforeAll(async () => {
  farm = await ServerFarm.open(ENGINES['mariadb-10.11'])
  const { source, replica } = await startPair(farm)
  servers = { alpha: source, beta: replica }
  nodes = await KeepalivedNodes.open(farm.home)
  await Promise.all(NODES.map(startDaemon))
})

afterAll(async () => {
  await nodes?.[Symbol.asyncDispose]()
  await farm?.[Symbol.asyncDispose]()
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
  await nodes.stopDaemon('beta')
  await expect.poll(() => homesOf(WRITERS), PATIENCE).toEqual(['alpha'])
  await expect.poll(() => homesOf(READERS), PATIENCE).toEqual(['alpha'])
})

test('it goes on to the node that comes back when the server here is killed', async () => {
  await startDaemon('beta')
  await servers.alpha.kill()
  await expect.poll(() => homesOf(WRITERS), PATIENCE).toEqual(['beta'])
})
