import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatSourceRecord } from '../../cib/source-record.ts'
import { LOG_READER } from '../../lib/mysql/binary-log-text.ts'
import type { ServerFarm } from './farm.ts'
import { REPLICATION } from './pair.ts'
import type { TestServer } from './test-server.ts'

/** Stands in for cibadmin, crm_node and crm_attribute of the node alpha: a file is the CIB, a line of it each attribute. */
const TOOL = `#!/bin/sh
case \${0##*/} in
cibadmin) cat "\${0%/*}/cib.xml" ;;
crm_node) echo alpha ;;
crm_attribute)
  for word; do [ "$before" = --name ] && name=$word; before=$word; done
  case "$*" in *--delete*) sed -i "/name=\\"$name\\"/d" "\${0%/*}/cib.xml" ;; *) exit 1 ;; esac ;;
esac`

/** A cluster in which this server, on alpha, is in quarantine and the other one is the source. */
export async function fakeCluster(farm: ServerFarm, server: TestServer, source: TestServer): Promise<FakeCluster> {
  const directory = join(server.launch.dataDirectory, '..', 'cluster')
  await mkdir(directory, { recursive: true })
  for (const tool of ['cibadmin', 'crm_node', 'crm_attribute']) await install(join(directory, tool), TOOL)
  const reader = LOG_READER[farm.engine.flavour]
  // Without these fakes on its path: the servers' system would find this one again.
  const path = 'PATH=/usr/sbin:/usr/bin:/sbin:/bin'
  await install(join(directory, reader), `#!/bin/sh\n${path} exec ${await farm.program(reader)} "$@"\n`)
  const credentials = join(directory, 'credentials.cnf')
  const account = `[replication]\nuser=${REPLICATION.user}\npassword="${REPLICATION.password.replace('\\', '\\\\')}"\n`
  await writeFile(credentials, account, { mode: 0o600 })
  await writeFile(join(directory, 'cib.xml'), await cib(server, source, credentials))
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

async function cib({ launch }: TestServer, source: TestServer, credentials: string): Promise<string> {
  const { serverId, serverUuid, gtidPosition } = await source.facts()
  const record = formatSourceRecord({
    ...{ epoch: 7, node: 'beta', acks: 1, proven: true, host: '127.0.0.1', port: source.port },
    ...{ server: serverUuid ?? String(serverId), binaryLog: { file: 'binlog.000001', position: 4 } },
    ...{ gtid: gtidPosition, previous: undefined },
  })
  const parameters = {
    ...{ binary: launch.binary, config: launch.config ?? '', datadir: launch.dataDirectory, socket: launch.socket },
    ...{ pid: launch.pidFile, credentials },
  }
  return `<configuration>
<crm_config><cluster_property_set id="heir">
${nvpair('db-source', record)}
</cluster_property_set></crm_config>
<nodes><node id="1" uname="alpha"><instance_attributes id="nodes-1">
${nvpair('db-quarantine', 'alpha was written to')}
</instance_attributes></node></nodes>
<resources><primitive id="db" class="ocf" provider="heir" type="mysql"><instance_attributes id="db-p">
${Object.entries(parameters)
  .map(([name, value]) => nvpair(name, value))
  .join('\n')}
</instance_attributes></primitive></resources>
</configuration>`
}

const nvpair = (name: string, value: string) => `<nvpair id="n-${name}" name="${name}" value="${value}"/>`
