import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatSourceRecord } from '../../cib/source-record.ts'
import { TOOLS } from '../../lib/seed/tools.ts'
import type { ServerFarm } from './farm.ts'
import { REPLICATION } from './pair.ts'
import type { TestServer } from './test-server.ts'

/** Stands in for Pacemaker's tools on one node; what the nodes share is in files beside it. */
const TOOL = `#!/bin/sh
here=\${0%/*}
cluster=$here/../cluster
echo "\${0##*/} $*" >>"$cluster/calls"
for word; do
  case $before in --name) name=$word ;; esac
  case $word in --update=*) value=\${word#*=} ;; esac
  before=$word
done
forget() { sed -i "/ name=\\"$1\\"/d" "$cluster/properties" "$cluster/nodes"; }
case \${0##*/} in
cibadmin)
  case "$*" in
  *rsc_location*) ;;
  *--delete*) forget "$(echo "$*" | sed "s/.*@name='\\([^']*\\)'.*/\\1/")" ;;
  *)
    echo '<configuration><crm_config>'
    cat "$cluster/properties"
    echo '</crm_config><nodes><node id="1" uname="localhost"><instance_attributes id="n">'
    cat "$cluster/nodes"
    echo '</instance_attributes></node></nodes>'
    cat "$here/resources"
    echo '</configuration>'
    ;;
  esac
  ;;
crm_node) cat "$here/node" ;;
crm_mon) cat "$cluster/status" ;;
crm_attribute)
  case "$*" in
  *--delete*) forget "$name" ;;
  *--query*) sed -n "s/.* name=\\"$name\\" value=\\"\\(.*\\)\\".*/\\1/p" "$cluster/properties" ;;
  *) forget "$name"; echo "<nvpair id=\\"i\\" name=\\"$name\\" value=\\"$value\\"/>" >>"$cluster/properties" ;;
  esac
  ;;
esac`

const TOOL_NAMES = ['cibadmin', 'crm_node', 'crm_mon', 'crm_attribute', 'crm_resource', 'attrd_updater']

/** The nodes, by names at which they can be reached. */
export const RECIPIENT = 'localhost'
export const DONOR = '127.0.0.1'

/** A cluster of files around two real servers: the source, and one that is to be seeded and is in quarantine. */
export class SeedCluster {
  readonly #directory: string

  private constructor(directory: string) {
    this.#directory = directory
  }

  static async create(farm: ServerFarm, source: TestServer, recipient: TestServer): Promise<SeedCluster> {
    const directory = join(recipient.launch.dataDirectory, '..', 'cluster')
    const cluster = join(directory, 'cluster')
    await mkdir(cluster, { recursive: true })
    const { serverId, serverUuid, gtidPosition } = await source.facts()
    const record = formatSourceRecord({
      ...{
        epoch: 7,
        node: DONOR,
        acks: 1,
        proven: true,
        doubted: [],
        boot: 'b',
        synced: true,
        host: DONOR,
        port: source.port,
        previous: undefined,
      },
      ...{ server: serverUuid ?? String(serverId), binaryLog: { file: 'binlog.000001', position: 4 } },
      gtid: gtidPosition,
    })
    await writeFile(join(cluster, 'properties'), `${nvpair('db-source', record)}\n`)
    await writeFile(join(cluster, 'nodes'), `${nvpair('db-quarantine', 'its data differ')}\n`)
    await writeFile(join(cluster, 'status'), STATUS)
    await writeFile(join(cluster, 'calls'), '')
    await equip(farm, join(directory, RECIPIENT), RECIPIENT, recipient, source.port)
    await equip(farm, join(directory, DONOR), DONOR, source, source.port)
    await writeFile(join(directory, RECIPIENT, 'ssh'), ssh(join(directory, DONOR)), { mode: 0o755 })
    return new SeedCluster(directory)
  }

  /** Where the tools of a node are. */
  toolsOf(node: string): string {
    return join(this.#directory, node)
  }

  /** Everything that the tools were called with, a line each. */
  calls(): Promise<string> {
    return readFile(join(this.#directory, 'cluster', 'calls'), 'utf8')
  }

  async isQuarantined(): Promise<boolean> {
    return (await readFile(join(this.#directory, 'cluster', 'nodes'), 'utf8')) !== ''
  }

  async hasRequest(): Promise<boolean> {
    return (await readFile(join(this.#directory, 'cluster', 'properties'), 'utf8')).includes(`db-seed-${RECIPIENT}`)
  }
}

async function equip(farm: ServerFarm, directory: string, node: string, server: TestServer, port: number) {
  await mkdir(directory)
  for (const name of TOOL_NAMES) await writeFile(join(directory, name), TOOL, { mode: 0o755 })
  for (const name of Object.values(TOOLS[farm.engine.flavour]))
    await writeFile(join(directory, name), inTheirSystem(await farm.program(name)), { mode: 0o755 })
  for (const name of ['install', 'chown']) await writeFile(join(directory, name), asNumbers(farm), { mode: 0o755 })
  const credentials = join(directory, 'credentials.cnf')
  const account = `[replication]\nuser=${REPLICATION.user}\npassword="${REPLICATION.password.replace('\\', '\\\\')}"\n`
  await writeFile(credentials, account, { mode: 0o600 })
  await writeFile(join(directory, 'node'), `${node}\n`)
  const { binary, config = '', dataDirectory: datadir, socket, pidFile: pid } = server.launch
  const parameters = { binary, config, datadir, socket, pid, credentials, replication_port: String(port) }
  const pairs = Object.entries(parameters).map(([name, value]) => nvpair(name, value))
  await writeFile(join(directory, 'resources'), resources(pairs.join('\n')))
}

/** Stands in for ssh to the donor. */
const ssh = (donorTools: string) => `#!/bin/sh
while [ "$1" != donate ]; do shift; done
PATH=${donorTools}:/usr/sbin:/usr/bin:/sbin:/bin exec ${process.execPath} ${join(import.meta.dirname, 'donate-program.ts')} "$@"
`

/** Runs a program of the servers' system, which sees neither /run of the host, nor may find these fakes on its path. */
const inTheirSystem = (program: string) => `#!/bin/sh
for word; do
  shift
  case $word in
  --defaults-file=*)
    install -m 600 "\${word#*=}" "\${0%/*}/options"
    word=--defaults-file=\${0%/*}/options
    ;;
  esac
  set -- "$@" "$word"
done
PATH=/usr/sbin:/usr/bin:/sbin:/bin exec ${program} "$@"
`

/** The host does not know the account of the servers' system by its name. */
const asNumbers = ({ user, group }: ServerFarm) => `#!/bin/sh
for word; do
  shift
  case $before$word in
  -omysql) word=${user} ;;
  -gmysql) word=${group} ;;
  *mysql:mysql) word=${user}:${group} ;;
  esac
  set -- "$@" "$word"
  before=$word
done
PATH=/usr/sbin:/usr/bin:/sbin:/bin exec "\${0##*/}" "$@"
`

const resources = (pairs: string) => `<resources><clone id="db-clone">
<primitive id="db" class="ocf" provider="heir" type="mysql"><instance_attributes id="p">
${pairs}
</instance_attributes></primitive></clone></resources>
`

const instance = (node: string, role: string) =>
  `<resource id="db" resource_agent="ocf:heir:mysql" role="${role}"><node name="${node}"/></resource>`
const STATUS = `<pacemaker-result><resources><clone id="db-clone">
${instance(DONOR, 'Promoted')}${instance(RECIPIENT, 'Unpromoted')}
</clone></resources></pacemaker-result>`

const nvpair = (name: string, value: string) => `<nvpair id="n-${name}" name="${name}" value="${value}"/>`
