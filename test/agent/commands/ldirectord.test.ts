import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveChecks } from '../../../agent/commands/check-service.ts'
import type { ClientRole } from '../../../agent/readiness.ts'
import { printed } from './configure-words.ts'

const HOMES = { alpha: '127.0.0.2', beta: '127.0.0.3' } as const
type NodeName = keyof typeof HOMES
const PATIENCE = { timeout: 30_000, interval: 200 }

/** What takes the place of ipvsadm does so for the one program alone. */
const WITH_FAKE = 'mount --bind "$0" "$(readlink -f "$(command -v ipvsadm)")"; exec ldirectord "$1" start'

/** What each server would answer. */
const ready: Record<NodeName, Record<ClientRole, boolean>> = {
  alpha: { writable: true, readable: true },
  beta: { writable: false, readable: true },
}

let directory: string
let director: ChildProcess
const services: Server[] = []

async function serve(node: NodeName, port: number): Promise<number> {
  const examine = async () => (role: ClientRole) =>
    ready[node][role]
      ? ({ exit: 0, output: `${role}: so\n` } as const)
      : ({ exit: 1, output: `not ${role}: so\n` } as const)
  const server = await serveChecks({ address: HOMES[node], port }, undefined, examine)
  services.push(server)
  return (server.address() as AddressInfo).port
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'heir-ldirectord-'))
  await mkdir(join(directory, 'lvs'))
  const checkPort = await serve('alpha', 0)
  await serve('beta', checkPort)
  const text = printed({
    ...{ format: 'ldirectord', balanced: true, checkPort, nodes: 'alpha,beta' },
    address: Object.entries(HOMES).map(([node, host]) => `${node}=${host}`),
    ...{ writerVip: '127.0.0.100/8', readerVip: ['127.0.0.101/8'] },
  })
  const file = join(directory, 'ldirectord.cf')
  await writeFile(file, `supervised=yes\nlogfile="${join(directory, 'log')}"\n${text}`)
  const fake = join(import.meta.dirname, 'fake-ipvsadm')
  const environment = { ...process.env, FAKE_LVS: join(directory, 'lvs') }
  director = spawn('unshare', ['--mount', 'sh', '-euc', WITH_FAKE, fake, file], { env: environment, stdio: 'ignore' })
})

afterAll(async () => {
  director.kill('SIGTERM') // it removes what it has below /run
  await once(director, 'exit')
  for (const service of services) service.close()
  await rm(directory, { recursive: true })
}, 30_000)

/** The servers that clients of an address would get. */
const serversAt = async (address: string) =>
  (await readdir(join(directory, 'lvs', `${address}:3306`)).catch(() => [])).toSorted()

const at = (...nodes: NodeName[]) => nodes.map(node => `${HOMES[node]}:3306`)

test('ldirectord sends writers to the server that says so, and readers to both', async () => {
  await expect.poll(() => serversAt('127.0.0.100'), PATIENCE).toEqual(at('alpha'))
  await expect.poll(() => serversAt('127.0.0.101'), PATIENCE).toEqual(at('alpha', 'beta'))
}, 90_000)

test('it follows the answers', async () => {
  ready.alpha = { writable: false, readable: false }
  ready.beta = { writable: true, readable: true }
  await expect.poll(() => serversAt('127.0.0.100'), PATIENCE).toEqual(at('beta'))
  await expect.poll(() => serversAt('127.0.0.101'), PATIENCE).toEqual(at('beta'))
}, 90_000)

test('a node that answers nothing gets nobody', async () => {
  for (const service of services.splice(0)) {
    service.close()
    service.closeAllConnections()
  }
  await expect.poll(() => serversAt('127.0.0.100'), PATIENCE).toEqual([])
}, 90_000)
