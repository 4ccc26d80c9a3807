import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { command } from '../../lib/system/command.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { replicationAccount } from './accounts.ts'
import { DATA, makeDataDisk } from './data-disk.ts'
import { ENGINES, type Engine, type EngineName } from './engines.ts'
import { golden } from './golden.ts'
import { ARBITER, CLIENT_ADDRESS, nodeAddress, nodeNames, nodeNumber, PREFIX_LENGTH } from './network-plan.ts'
import { clusterFiles, serverFiles, writeFiles } from './node-files.ts'
import { Rack, type RackOwner } from './rack.ts'
import { rackDirectory } from './rack-directory.ts'
import type { MachinePlan } from './rack-plan.ts'
import { checkRequirements } from './requirements.ts'
import { plainConfiguration, withoutGtid } from './server-configuration.ts'
import { tree } from './tree.ts'

/** What a lab is made of. */
export interface LabOptions {
  readonly engine: EngineName
  /** Default 3. */
  readonly nodes?: number
  /** Debian packages that every machine has besides. Default: none. */
  readonly packages?: readonly string[]
  /** Whether a machine without data is there for its vote: a node of the cluster, or of none where there are two. Default false. */
  readonly arbiter?: boolean
  /** Further nodes of the cluster, which are no machines of the lab: whoever starts them lets them join. Default: none. */
  readonly guests?: readonly string[]
  /** How many of the nodes, the first ones, are a cluster of their own beside that of the others. Default: all are one. */
  readonly split?: number
  /** Labs of different names run side by side. Default: one for this process. */
  readonly name?: string
  /** Whether the servers have GTIDs. Default true. */
  readonly gtid?: boolean
  /** The text of the servers' configuration file. Default: a plain one for replication. */
  readonly configuration?: string
  /** The same for single nodes, by their names. */
  readonly configurations?: Readonly<Record<string, string>>
  /** Statements that make the replication account. Default: one that may replicate and nothing else. */
  readonly accounts?: string
  /** Whether every node has its data directory on a file system of its own, which can be full or lose power. Default false. */
  readonly dataDisk?: boolean
  /** An RPM package that every node has installed. Default: none. */
  readonly package?: string
  /** Default: this process. */
  readonly owner?: RackOwner
  /** Is told in one line what is going on, whenever it takes longer. */
  readonly progress?: (line: string) => void
}

/** A rack with the lab's nodes in it, all off, their disks as on the day they were installed. */
export async function openLabRack(options: LabOptions): Promise<Rack> {
  const { progress = () => {}, gtid = true } = options
  await checkRequirements()
  const engine = ENGINES[options.engine]
  const { configuration = plainConfiguration(engine.flavour), accounts = replicationAccount() } = options
  const extra = gtid ? [] : withoutGtid(engine.flavour)
  const root = await tree(engine, progress, options.packages)
  const data = await golden({ engine, tree: root, configuration, extra, accounts }, progress)
  const directory = rackDirectory(options.name ?? `${engine.name}-${process.pid}`)
  const names = nodeNames(options.nodes ?? 3)
  const own = options.arbiter ? [...names, ARBITER] : names
  const members = [...own, ...(options.guests ?? [])]
  const machines = own.map(name => machinePlan(name, directory, [data, root]))
  const switchAddress = `${CLIENT_ADDRESS}/${PREFIX_LENGTH}`
  const plan = { directory, shared: join(directory, 'shared'), switchAddress, machines }
  const rack = await Rack.open(plan, options.owner ?? 'this process')
  await writeFile(engineFile(directory), engine.name)
  for (const { name, disk } of machines) {
    const upper = join(disk, 'upper')
    const cluster = clustersOf(members, options.split).find(one => one.includes(name)) ?? []
    await writeFiles(upper, clusterFiles(members, cluster))
    if (name === ARBITER) continue
    const identity = { flavour: engine.flavour, serverId: nodeNumber(name), host: name }
    await writeFiles(upper, serverFiles(options.configurations?.[name] ?? configuration, identity, extra))
    if (options.package !== undefined) await installPackage(upper, options.package)
    if (options.dataDisk) await makeDataDisk(join(data, DATA), disk)
  }
  return rack
}

/** The members of each cluster of the lab. */
export function clustersOf(members: readonly string[], split?: number): readonly (readonly string[])[] {
  if (split === undefined) return [members]
  const nodes = members.filter(name => name !== ARBITER)
  return [nodes.slice(0, split), nodes.slice(split)]
}

/** Install a package on a node that is off. What rpm knows of it stays in the node's own database. */
async function installPackage(root: string, path: string): Promise<void> {
  const args = ['--root', root, '--dbpath', '/var/lib/rpm', '--install', '--nodeps', path]
  const { exitCode, stderr } = await command('rpm', args, { deadline: Deadline.in(60_000) })
  if (exitCode !== 0) throw new Failure('rejected', `${path}: ${stderr}`)
}

/** The engine of the lab in the directory. */
export async function engineOf(rack: Rack): Promise<Engine> {
  return ENGINES[(await readFile(engineFile(rack.plan.directory), 'utf8')) as EngineName]
}

function engineFile(directory: string): string {
  return join(directory, 'engine')
}

function machinePlan(name: string, directory: string, layers: readonly string[]): MachinePlan {
  return { name, address: `${nodeAddress(name)}/${PREFIX_LENGTH}`, layers, disk: join(directory, 'disks', name) }
}
