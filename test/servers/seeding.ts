import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { type LocalLogin, startBackup } from '../../lib/seed/backup.ts'
import { call, channelKey, listen } from '../../lib/seed/channel.ts'
import { clone } from '../../lib/seed/clone.ts'
import { usedBytes } from '../../lib/seed/disk-space.ts'
import { startDump } from '../../lib/seed/dump.ts'
import { fetchBackup, fetchDump, helperSocket } from '../../lib/seed/fetch.ts'
import type { HelperOptions } from '../../lib/seed/helper-server.ts'
import type { Report } from '../../lib/seed/progress.ts'
import { seedData } from '../../lib/seed/seed-data.ts'
import type { Staging } from '../../lib/seed/staging.ts'
import { TOOLS, type Tools } from '../../lib/seed/tools.ts'
import { sendOutput } from '../../lib/seed/transfer.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import type { ServerFarm } from './farm.ts'
import { REPLICATION } from './pair.ts'
import type { TestServer } from './test-server.ts'

/** The programs of the servers' system that a seed runs. */
export async function toolsOf(farm: ServerFarm): Promise<Tools> {
  const entries = Object.entries(TOOLS[farm.engine.flavour])
  const paths = entries.map(async ([role, name]) => [role, await farm.program(name)])
  return Object.fromEntries(await Promise.all(paths))
}

/** A server of the farm's engine that helps to fetch data. */
export function helperOf(farm: ServerFarm, tools: Tools, staging: Staging, dataDirectory: string): HelperOptions {
  const { user, group, binary } = farm
  return {
    ...{ flavour: farm.engine.flavour, binary, install: tools.install, user, group, dataDirectory },
    ...{ socket: helperSocket(staging), layout: [], options: [] },
  }
}

/** How programs of the servers' system log in to one of the servers. */
export async function loginTo({ launch }: TestServer): Promise<LocalLogin> {
  const directory = join(launch.dataDirectory, '..', 'login')
  await mkdir(directory, { recursive: true })
  const optionFile = join(directory, 'options.cnf')
  await writeFile(optionFile, '[client]\nuser = root\n', { mode: 0o600 })
  return { optionFile, socket: launch.socket }
}

export type Method = 'clone' | 'backup' | 'dump'

/** The way that `heir seed` takes for an engine when nothing stands against it. */
export const usualMethod = ({ engine }: ServerFarm): Method => (engine.flavour === 'mysql' ? 'clone' : 'backup')

/** Replace the data of a stopped server by those of one that runs, as `heir seed` does. */
export async function seed(
  farm: ServerFarm,
  method: Method,
  { donor, recipient }: { readonly donor: TestServer; readonly recipient: TestServer },
  meddle: { readonly report?: Report; readonly clearFirst?: boolean } = {},
): Promise<void> {
  const tools = await toolsOf(farm)
  const report = meddle.report ?? (() => undefined)
  const deadline = Deadline.in(120_000)
  const fetch = async (staging: Staging) => {
    if (method === 'clone') return cloneFrom(donor, farm, tools, staging, report, deadline)
    const [channel] = await Promise.all([receivingEnd(donor, farm, method, tools, deadline)])
    if (method === 'backup') return fetchBackup({ channel, tools, report }, staging, deadline)
    return fetchDump({ channel, tools, report }, helperOf(farm, tools, staging, staging.data), staging, deadline)
  }
  const { dataDirectory } = recipient.launch
  const replaced = { dataDirectory, binaryLogBase: 'binlog', relayLogBase: 'relay' }
  const origin = { donor: 'donor', automatic: false, worker: { pid: process.pid, startTime: '', boot: '' } }
  const { user, group } = farm
  await seedData({ replaced, user, group, origin, clearFirst: meddle.clearFirst ?? false, fetch }, deadline)
}

function cloneFrom(
  donor: TestServer,
  farm: ServerFarm,
  tools: Tools,
  staging: Staging,
  report: Report,
  deadline: Deadline,
): Promise<void> {
  const helper = helperOf(farm, tools, staging, staging.helper)
  const target = { host: '127.0.0.1', port: donor.port, account: REPLICATION, tls: { mode: 'off' } } as const
  return clone({ helper, donor: target, libraries: [], directory: staging.data, report }, deadline)
}

/** Have the donor send, and answer the end at which it arrives. */
async function receivingEnd(
  donor: TestServer,
  farm: ServerFarm,
  method: 'backup' | 'dump',
  tools: Tools,
  deadline: Deadline,
): Promise<TLSSocket> {
  const key = await channelKey(REPLICATION.password, 'once')
  const listener = await listen(0, key)
  const login = await loginTo(donor)
  const [arriving, leaving] = await Promise.all([
    listener.accept(deadline),
    call('127.0.0.1', listener.port, key, deadline),
  ])
  listener.close()
  const source = method === 'backup' ? startBackup(tools, login) : startDump(farm.engine.flavour, tools, login)
  const state = farm.engine.flavour === 'mariadb' ? await donor.value('SELECT @@gtid_binlog_state') : ''
  const bytes = await usedBytes(donor.launch.dataDirectory)
  void sendOutput(leaving, { bytes, binaryLogState: state ?? '' }, await source).then(
    () => leaving.end(),
    () => leaving.destroy(),
  )
  return arriving
}
