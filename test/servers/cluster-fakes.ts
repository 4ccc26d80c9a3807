import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatSourceRecord } from '../../cib/source-record.ts'
import { LOG_READER } from '../../lib/mysql/binary-log-text.ts'
import { formatGtidSet } from '../../lib/mysql/gtid-text.ts'
import type { ServerFarm } from './farm.ts'
import { REPLICATION } from './pair.ts'
import type { TestServer } from './test-server.ts'

/** Stands in for Pacemaker's tools on the node alpha: a file is the CIB, a line of it each attribute, and another one the status. */
const TOOL = `#!/bin/sh
case \${0##*/} in
cibadmin) cat "\${0%/*}/cib.xml" ;;
crm_node) echo alpha ;;
crm_mon) cat "\${0%/*}/status.xml" ;;
attrd_updater) ;;
crm_attribute)
  for word; do [ "$before" = --name ] && name=$word; before=$word; done
  case "$*" in *--delete*) sed -i "/name=\\"$name\\"/d" "\${0%/*}/cib.xml" ;; *) exit 1 ;; esac ;;
esac`

export interface Fake {
  /** The server on alpha, and the one on beta. */
  readonly server: TestServer
  readonly source: TestServer
  /** Why alpha is in quarantine; it is not where this is left out. */
  readonly quarantine?: string
  /** A third server, on a node that is called by its address. */
  readonly neighbour?: TestServer
}

/** A cluster of files around real servers, of which the source is on record. */
export async function fakeCluster(farm: ServerFarm, fake: Fake): Promise<FakeCluster> {
  const { server, neighbour } = fake
  const directory = join(server.launch.dataDirectory, '..', 'cluster')
  await mkdir(directory, { recursive: true })
  for (const tool of ['cibadmin', 'crm_node', 'crm_mon', 'attrd_updater', 'crm_attribute'])
    await install(join(directory, tool), TOOL)
  const reader = LOG_READER[farm.engine.flavour]
  // Without these fakes on its path: the servers' system would find this one again.
  const path = 'PATH=/usr/sbin:/usr/bin:/sbin:/bin'
  await install(join(directory, reader), `#!/bin/sh\n${path} exec ${await farm.program(reader)} "$@"\n`)
  const credentials = join(directory, 'credentials.cnf')
  const account = `[replication]\nuser=${REPLICATION.user}\npassword="${REPLICATION.password.replace('\\', '\\\\')}"\n`
  await writeFile(credentials, account, { mode: 0o600 })
  await writeFile(join(directory, 'cib.xml'), await cib(fake, credentials))
  const nodes = ['alpha', 'beta', ...(neighbour === undefined ? [] : [NEIGHBOUR])]
  await writeFile(join(directory, 'status.xml'), status(nodes))
  return new FakeCluster(directory)
}

export class FakeCluster {
  /** Where its tools are. */
  readonly directory: string

  constructor(directory: string) {
    this.directory = directory
  }

  async isQuarantined(): Promise<boolean> {
    return (await readFile(join(this.directory, 'cib.xml'), 'utf8')).includes('db-quarantine')
  }
}

async function install(path: string, script: string): Promise<void> {
  await writeFile(path, script)
  await chmod(path, 0o755)
}

async function cib({ server: { launch }, source, quarantine, neighbour }: Fake, credentials: string): Promise<string> {
  const { flavour, serverId, serverUuid, executed } = await source.facts()
  const record = formatSourceRecord({
    ...{
      epoch: 7,
      node: 'beta',
      acks: 1,
      proven: true,
      doubted: [],
      boot: 'b',
      synced: true,
      host: '127.0.0.1',
      port: source.port,
    },
    ...{ server: serverUuid ?? String(serverId), binaryLog: { file: 'binlog.000001', position: 4 } },
    ...{ gtid: formatGtidSet(flavour, executed), previous: undefined },
  })
  const parameters = {
    ...{ binary: launch.binary, config: launch.config ?? '', datadir: launch.dataDirectory, socket: launch.socket },
    ...{ pid: launch.pidFile, credentials, replication_port: String(neighbour?.port ?? source.port) },
  }
  return `<configuration>
<crm_config><cluster_property_set id="heir">
${nvpair('db-source', record)}
</cluster_property_set></crm_config>
<nodes><node id="1" uname="alpha"><instance_attributes id="nodes-1">
${quarantine === undefined ? '' : nvpair('db-quarantine', quarantine)}
</instance_attributes></node></nodes>
<resources><primitive id="db" class="ocf" provider="heir" type="mysql"><instance_attributes id="db-p">
${Object.entries(parameters)
  .map(([name, value]) => nvpair(name, value))
  .join('\n')}
</instance_attributes></primitive></resources>
</configuration>`
}

/** The name of the neighbour's node: one by which it is reached, and another one than that of the source. */
export const NEIGHBOUR = '127.1'

function status(nodes: readonly string[]): string {
  const named = (name: string) => `<node name="${name}" online="true" unclean="false"/>`
  const instances = nodes.map(name => `<resource id="db">${named(name)}</resource>`)
  return `<pacemaker-result><nodes>${nodes.map(named).join('')}</nodes><resources>${instances.join('')}</resources></pacemaker-result>`
}

const nvpair = (name: string, value: string) => `<nvpair id="n-${name}" name="${name}" value="${value}"/>`
