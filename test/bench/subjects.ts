import { RESOURCE } from '../lab/heir-cluster.ts'
import type { Lab } from '../lab/lab.ts'
import { heartbeatParameters } from './heartbeat-cluster.ts'

/** An agent to measure, and what Pacemaker tells it in its environment. */
export interface Subject {
  readonly name: string
  readonly agent: string
  readonly environment: Readonly<Record<string, string>>
}

/** What every agent in a promotable clone is told with a recurring monitor (captured on Pacemaker 2.1.5). */
const META = {
  clone: '0',
  clone_max: '3',
  clone_node_max: '1',
  globally_unique: 'false',
  interval: '10000',
  master_max: '1',
  master_node_max: '1',
  notify: 'true',
  promotable: 'true',
  promoted_max: '1',
  promoted_node_max: '1',
  timeout: '20000',
}

/** The agent of this project, and those that are installed with resource-agents, each on the same server of a node. */
export function subjectsOn(node: string, lab: Lab): Subject[] {
  const server = heartbeatParameters(lab.engine, lab.nodes)
  const subject = (name: string, type: string, instance: string, parameters: Readonly<Record<string, string>>) => ({
    name,
    agent: `/usr/lib/ocf/resource.d/${type}`,
    environment: environment(node, type, instance, parameters),
  })
  const mysql = subject('heartbeat:mysql', 'heartbeat/mysql', 'bench-mysql', server)
  return [
    subject('heir:mysql', 'heir/mysql', RESOURCE, { credentials: '/etc/heir/credentials.cnf' }),
    subject('heartbeat:mariadb', 'heartbeat/mariadb', 'bench-mariadb', server),
    mysql,
    { ...mysql, name: 'heartbeat:mysql, level 10', environment: { ...mysql.environment, OCF_CHECK_LEVEL: '10' } },
  ]
}

function environment(
  node: string,
  agent: string,
  instance: string,
  parameters: Readonly<Record<string, string>>,
): Record<string, string> {
  const [provider = '', type = ''] = agent.split('/')
  const meta = Object.entries({ ...META, on_node: node }).map(([name, value]) => [`OCF_RESKEY_CRM_meta_${name}`, value])
  const own = Object.entries(parameters).map(([name, value]) => [`OCF_RESKEY_${name}`, value])
  return {
    HA_LOGFACILITY: 'daemon',
    HA_LOGFILE: '/var/log/pacemaker/pacemaker.log',
    HA_cluster_type: 'corosync',
    OCF_EXIT_REASON_PREFIX: 'ocf-exit-reason:',
    OCF_RA_VERSION_MAJOR: '1',
    OCF_RA_VERSION_MINOR: '1',
    OCF_RESOURCE_INSTANCE: instance,
    OCF_RESOURCE_PROVIDER: provider,
    OCF_RESOURCE_TYPE: type,
    OCF_ROOT: '/usr/lib/ocf',
    PATH: '/sbin:/bin:/usr/sbin:/usr/bin',
    PCMK_service: 'pacemaker-execd',
    ...Object.fromEntries([...meta, ...own]),
  }
}
