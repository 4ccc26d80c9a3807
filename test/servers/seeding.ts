import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type LocalLogin, startBackup } from '../../lib/seed/backup.ts'
import { call, channelKey, listen } from '../../lib/seed/channel.ts'
import { clone } from '../../lib/seed/clone.ts'
import { usedBytes } from '../../lib/seed/disk-space.ts'
import { startDump } from '../../lib/seed/dump.ts'
import { fetchBackup, fetchDump, helperSocket } from '../../lib/seed/fetch.ts'
import type { HelperOptions } from '../../lib/seed/helper-server.ts'
import { seedData } from '../../lib/seed/seed-data.ts'
import type { Staging } from '../../lib/seed/staging.ts'
import { TOOLS, type Tools } from '../../lib/seed/tools.ts'
import { sendOutput } from '../../lib/seed/transfer.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import type { Engine } from '../lab/engines.ts'
import type { ServerFarm } from './farm.ts'
import { REPLICATION } from './pair.ts'
import type { TestServer } from './test-server.ts'

export type Method = 'clone' | 'backup' | 'dump'

/** The way that `heir seed` takes for an engine when nothing stands against it. */
export const usualMethod = ({ engine }: ServerFarm): Method => (engine.flavour === 'mysql' ? 'clone' : 'backup')

/** All that a seed needs to know; another process can read it. */
export interface SeedOrder {
  readonly method: Method
  readonly flavour: Engine['flavour']
  readonly binary: string
  readonly user: string
  readonly group: string
  readonly tools: Tools
  readonly dataDirectory: string
  readonly donor: {
    readonly port: number
    readonly login: LocalLogin
    readonly dataDirectory: string
    readonly binaryLogState: string
  }
}

export async function orderOf(
  farm: ServerFarm,
  method: Method,
  { donor, recipient }: { readonly donor: TestServer; readonly recipient: TestServer },
): Promise<SeedOrder> {
  const { engine, binary, user, group } = farm
  const state = engine.flavour === 'mariadb' ? await donor.value('SELECT @@gtid_binlog_state') : ''
  return {
    ...{ method, flavour: engine.flavour, binary, user, group },
    tools: await toolsOf(farm),
    dataDirectory: recipient.launch.dataDirectory,
    donor: {
      port: donor.port,
      login: await loginTo(donor),
      dataDirectory: donor.launch.dataDirectory,
      binaryLogState: state ?? '',
    },
  }
}

/** Replace the data of a stopped server by those of one that runs, as `heir seed` does; donor and recipient are this process. */
export async function runSeed(order: SeedOrder): Promise<void> {
  const { method, user, group, tools, dataDirectory } = order
  const deadline = Deadline.in(150_000)
  const fetch = async (staging: Staging) => {
    if (method === 'clone') return cloneFrom(order, staging, deadline)
    const reception = { channel: await receivingEnd(order, deadline), tools, report: () => undefined }
    if (method === 'backup') return fetchBackup(reception, staging, deadline)
    return fetchDump(reception, helperOf(order, staging, staging.data), staging, deadline)
  }
  const replaced = { dataDirectory, binaryLogBase: 'binlog', relayLogBase: 'relay' }
  const origin = { donor: 'donor', automatic: false, worker: { pid: process.pid, startTime: '', boot: '' } }
  await seedData({ replaced, user, group, origin, clearFirst: false, fetch }, deadline)
}

function cloneFrom(order: SeedOrder, staging: Staging, deadline: Deadline): Promise<void> {
  const helper = helperOf(order, staging, staging.helper)
  const donor = { host: '127.0.0.1', port: order.donor.port, account: REPLICATION, tls: { mode: 'off' } } as const
  return clone({ helper, donor, libraries: [], directory: staging.data, report: () => undefined }, deadline)
}

/** Have the donor send, and answer the end at which it arrives. */
async function receivingEnd({ donor, method, tools, flavour }: SeedOrder, deadline: Deadline) {
  const key = await channelKey(REPLICATION.password, 'once')
  const listener = await listen(0, key)
  const [arriving, leaving] = await Promise.all([
    listener.accept(deadline),
    call('127.0.0.1', listener.port, key, deadline),
  ])
  listener.close()
  const program = method === 'backup' ? startBackup(tools, donor.login) : startDump(flavour, tools, donor.login)
  const offer = { bytes: await usedBytes(donor.dataDirectory), binaryLogState: donor.binaryLogState }
  void sendOutput(leaving, offer, await program).then(
    () => leaving.end(),
    () => leaving.destroy(),
  )
  return arriving
}

function helperOf(order: SeedOrder, staging: Staging, dataDirectory: string): HelperOptions {
  const { flavour, binary, tools, user, group } = order
  const socket = helperSocket(staging)
  return { flavour, binary, install: tools.install, user, group, dataDirectory, socket, layout: [], options: [] }
}

/** The programs of the servers' system that a seed runs. */
async function toolsOf(farm: ServerFarm): Promise<Tools> {
  const entries = Object.entries(TOOLS[farm.engine.flavour])
  const paths = entries.map(async ([role, name]) => [role, await farm.program(name)])
  return Object.fromEntries(await Promise.all(paths))
}

/** How programs of the servers' system log in to one of the servers. */
async function loginTo({ launch }: TestServer): Promise<LocalLogin> {
  const directory = join(launch.dataDirectory, '..', 'login')
  await mkdir(directory, { recursive: true })
  const optionFile = join(directory, 'options.cnf')
  await writeFile(optionFile, '[client]\nuser = root\n', { mode: 0o600 })
  return { optionFile, socket: launch.socket }
}
