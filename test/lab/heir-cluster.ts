import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { command } from '../../lib/system/command.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { EXECUTABLE, RPM } from '../../packaging/products.ts'
import { credentialsFile } from './accounts.ts'
import { type ConfigurationFormat, usualFormat } from './apply-configuration.ts'
import { ENGINES, type Engine } from './engines.ts'
import { Lab } from './lab.ts'
import type { LabOptions } from './lab-rack.ts'
import { nodeNames, PREFIX_LENGTH, READER_VIPS, WRITER_VIP } from './network-plan.ts'

/** The name of the resource in every lab cluster. */
export const RESOURCE = 'db'

export interface HeirClusterOptions extends LabOptions {
  /** The language of the cluster's configuration. Default: crm on Debian 12, pcs on the others. */
  readonly format?: ConfigurationFormat
  /** Parameters of the resource, each as `name=value`. Default: none but those that every cluster has. */
  readonly parameters?: readonly string[]
  /** On how many of the nodes the database runs; the others are members of the cluster and no more. Default: on all. */
  readonly instances?: number
  /** Is shown a cluster that does not become healthy, before it is taken down. */
  readonly whenUnhealthy?: (lab: Lab) => Promise<void>
}

/** Three servers start for the first time, on a machine that may be busy. */
const FIRST_HEALTH_MS = 150_000

/**
 * A cluster as its users set it up: what `heir configure` prints as the servers' configuration, as the accounts and as the
 * cluster's configuration, and the agent from its package. Returns when a source takes writes at the writers' address and
 * every other node is a replica.
 */
export async function upWithHeir(options: HeirClusterOptions): Promise<Lab> {
  const engine = ENGINES[options.engine]
  const nodes = nodeNames(options.instances ?? options.nodes ?? 3)
  const format = options.format ?? usualFormat(engine)
  const [{ configuration, cluster }, accounts] = await Promise.all([
    clusterTexts(engine, nodes, format, options.parameters),
    accountStatements([...common(nodes), '--engine', engine.flavour]),
  ])
  const lab = await Lab.up({ ...options, configuration, accounts, package: RPM })
  try {
    options.progress?.('configuring the cluster with what "heir configure" prints')
    await lab.configure(cluster, format)
    await waitUntilHealthy(lab, Deadline.in(FIRST_HEALTH_MS), [], nodes.length)
  } catch (error) {
    await options.whenUnhealthy?.(lab)
    await lab.down()
    throw error
  }
  return lab
}

/** What `heir configure` prints for the lab's nodes: the servers' configuration, and the cluster's. */
export async function clusterTexts(
  engine: Engine,
  nodes: readonly string[],
  format: ConfigurationFormat,
  parameters: readonly string[] = [],
): Promise<{ configuration: string; cluster: string }> {
  const forServer = ['--engine', engine.flavour, '--format', 'my.cnf', '--node', nodes[0] ?? '']
  const [configuration, cluster] = await Promise.all([
    heirConfigure([...common(nodes), ...forServer]),
    heirConfigure([...clusterWords(nodes, parameters), '--format', format]),
  ])
  return { configuration, cluster }
}

/** The words with which `heir configure` describes the lab's cluster. */
export const clusterWords = (nodes: readonly string[], parameters: readonly string[] = []): readonly string[] => [
  ...common(nodes),
  ...addresses(),
  ...parameters.flatMap(text => ['--set', text]),
]

const common = (nodes: readonly string[]) => ['--resource', RESOURCE, '--nodes', nodes.join(',')]

/**
 * Wait until one instance is promoted, the others are unpromoted and follow it, and the writers' address is up beside it; answers the
 * promoted one's node. Those in quarantine need not follow.
 */
export async function waitUntilHealthy(
  lab: Lab,
  deadline: Deadline,
  quarantined: readonly string[] = [],
  instances = lab.nodes.length,
): Promise<string> {
  const except = quarantined.length === 0 ? '' : `, except for ${quarantined.join(', ')}`
  const description = `one source with its address, and ${instances - 1} replicas of it${except}`
  return lab.waitFor(description, () => healthySource(lab, quarantined, instances), deadline)
}

/** The same at one look; undefined where something is amiss. */
export async function healthySource(
  lab: Lab,
  quarantined: readonly string[] = [],
  instances = lab.nodes.length,
): Promise<string | undefined> {
  const { promoted, unpromoted } = await lab.roles(RESOURCE)
  const [source, ...others] = promoted
  if (source === undefined || others.length > 0 || unpromoted.length !== instances - 1) return undefined
  const status = await lab.cluster()
  const address = status?.resources.find(({ id }) => id === `${RESOURCE}-writer`)
  if (address?.node !== source || address.role !== 'Started') return undefined
  const replicas = unpromoted.filter(node => !quarantined.includes(node))
  const following = await Promise.all(replicas.map(node => follows(lab, node, source)))
  return following.every(Boolean) ? source : undefined
}

/** Whether a node's server replicates from that source. */
export async function follows(lab: Lab, node: string, source: string): Promise<boolean> {
  const state = await replicaState(lab, node)
  return state.source === source && state.receiving && state.applying
}

/** How a node's server replicates, by its own word. */
export interface ReplicaState {
  readonly source: string | undefined
  readonly receiving: boolean
  readonly applying: boolean
}

export async function replicaState(lab: Lab, node: string): Promise<ReplicaState> {
  const argv = [lab.engine.client, '--vertical', '--execute', 'SHOW REPLICA STATUS']
  const stdout = await lab.exec(node, argv).then(
    answer => answer.stdout,
    () => '', // the power of the node went off
  )
  const value = (...names: readonly string[]) => new RegExp(`^\\s*(?:${names.join('|')}): (.*)$`, 'm').exec(stdout)?.[1]
  return {
    source: value('Source_Host', 'Master_Host'),
    receiving: value('Replica_IO_Running', 'Slave_IO_Running') === 'Yes',
    applying: value('Replica_SQL_Running', 'Slave_SQL_Running') === 'Yes',
  }
}

const addresses = () => [
  '--writer-vip',
  `${WRITER_VIP}/${PREFIX_LENGTH}`,
  ...READER_VIPS.flatMap(address => ['--reader-vip', `${address}/${PREFIX_LENGTH}`]),
]

/** The statements that make the accounts, for words that name the cluster and the engine. */
export const accountStatements = (words: readonly string[]): Promise<string> =>
  withCredentials(file => heirConfigure([...words, '--format', 'sql', '--credentials', file]))

/** What the built program prints: the text that its users get. */
export async function heirConfigure(words: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await command(EXECUTABLE, ['configure', ...words], {
    deadline: Deadline.in(20_000),
  })
  if (exitCode !== 0) throw new Failure('rejected', `heir configure ${words.join(' ')}: ${stderr}`)
  return stdout
}

/** The agent's file of secrets on this host, for as long as it takes. */
export async function withCredentials<T>(work: (file: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'heir-lab-'))
  try {
    const file = join(directory, 'credentials.cnf')
    await writeFile(file, credentialsFile(), { mode: 0o600 })
    return await work(file)
  } finally {
    await rm(directory, { recursive: true })
  }
}
