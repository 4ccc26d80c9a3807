import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { RPM } from '../../packaging/products.ts'
import { REPLICATION } from '../lab/accounts.ts'
import { ENGINES, type Engine, type EngineName } from '../lab/engines.ts'
import { clusterTexts } from '../lab/heir-cluster.ts'
import { Lab } from '../lab/lab.ts'
import { nodeNames } from '../lab/network-plan.ts'
import { hasWriter } from './states.ts'

/** The agents of resource-agents that run MySQL or MariaDB with replication. */
export type HeartbeatAgent = 'mysql' | 'mariadb'

export interface HeartbeatClusterOptions {
  readonly agent: HeartbeatAgent
  readonly engine: EngineName
  readonly name?: string
  readonly progress?: (line: string) => void
}

/**
 * The cluster that heir would run in, with another agent in it: the servers' configuration, the resources with their intervals and
 * timeouts, the constraints and the properties are what `heir configure` prints. Only the agent with its parameters differs, and its
 * account, to which its meta-data gives every privilege. Returns when a source takes writes at the writers' address.
 */
export async function upWithHeartbeat(options: HeartbeatClusterOptions): Promise<Lab> {
  const { agent } = options
  const engine = ENGINES[options.engine]
  const nodes = nodeNames(3)
  const { configuration, cluster } = await clusterTexts(engine, nodes, 'crm')
  // heir is there as well, and nobody calls it: the nodes are those of its own cluster.
  const lab = await Lab.up({ ...options, configuration, accounts: ACCOUNTS, package: RPM })
  try {
    options.progress?.(`configuring the cluster with ocf:heartbeat:${agent}`)
    await lab.configure(withAgent(cluster, agent, engine, nodes), 'crm')
    await lab.waitFor('a source with its address', () => hasWriter(lab), Deadline.in(90_000))
  } catch (error) {
    await lab.down()
    throw error
  }
  return lab
}

/** The agent logs in to its own server and to the source with it. */
const ACCOUNTS = ['%', 'localhost']
  .flatMap(host => [
    `CREATE USER '${REPLICATION.user}'@'${host}' IDENTIFIED BY '${REPLICATION.password}';`,
    `GRANT ALL ON *.* TO '${REPLICATION.user}'@'${host}' WITH GRANT OPTION;`,
  ])
  .join('\n')

/** The agent's parameters on a node of the lab. */
export function heartbeatParameters(engine: Engine, nodes: readonly string[]): Record<string, string> {
  return {
    binary: engine.server, // not mysqld_safe, which starts a server that was killed again without Pacemaker's knowledge
    client_binary: engine.client,
    config: '/etc/mysql/my.cnf',
    datadir: '/var/lib/mysql',
    log: '/var/lib/mysql/mysqld.err',
    node_list: nodes.join(' '),
    pid: '/run/mysqld/mysqld.pid',
    replication_passwd: REPLICATION.password,
    replication_user: REPLICATION.user,
    socket: '/run/mysqld/mysqld.sock',
  }
}

const HEIR = /^primitive db ocf:heir:mysql \\\n {2}params .* \\$/m

function withAgent(cluster: string, agent: HeartbeatAgent, engine: Engine, nodes: readonly string[]): string {
  if (!HEIR.test(cluster))
    throw new Failure('unintelligible', 'heir configure prints no primitive that another could replace')
  const { node_list, ...common } = heartbeatParameters(engine, nodes)
  const parameters = agent === 'mariadb' ? { ...common, node_list } : common
  const words = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`)
  return cluster.replace(HEIR, `primitive db ocf:heartbeat:${agent} \\\n  params ${words.join(' ')} \\`)
}
