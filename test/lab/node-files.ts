import { readFileSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FlavourName } from '../../lib/mysql/server-facts.ts'
import { credentialsFile } from './accounts.ts'
import { BALANCERS, CLIENT_ADDRESS, nodeAddress, nodeNumber } from './network-plan.ts'
import { CLIENT } from './rack-plan.ts'

/** A file of a machine: its path there, its content, and its mode. */
export interface MachineFile {
  readonly path: string
  readonly text: string
  readonly mode?: number
}

/** What distinguishes the configuration of one server from another's. */
export interface ServerIdentity {
  readonly flavour: FlavourName
  readonly serverId: number
  readonly host: string
}

/** What every machine has besides its tree and its data; `nodes` are all of the network, `cluster` those of its own, if it has one. */
export function clusterFiles(nodes: readonly string[], cluster = nodes): MachineFile[] {
  return [
    { path: '/etc/hosts', text: hosts(nodes) },
    ...(cluster.length === 0 ? [] : [{ path: '/etc/corosync/corosync.conf', text: corosyncConfiguration(cluster) }]),
    { path: '/etc/heir/credentials.cnf', text: credentialsFile(), mode: 0o600 },
    { path: '/usr/sbin/fence_lab', text: readFileSync(join(import.meta.dirname, 'fence_lab'), 'utf8'), mode: 0o755 },
  ]
}

/**
 * The server's configuration: `text` as it is given, then what only a lab wants.
 * Not in the directories that Debian's own files include: MySQL reads those in no order, and the last to speak wins.
 */
export function serverFiles(text: string, identity: ServerIdentity, extra: readonly string[]): MachineFile[] {
  const settings = [...identitySettings(identity), ...SMALL, ...extra]
  return [
    { path: '/etc/mysql/my.cnf', text: '!include /etc/mysql/heir.cnf\n!include /etc/mysql/lab.cnf\n' },
    { path: '/etc/mysql/heir.cnf', text },
    { path: '/etc/mysql/lab.cnf', text: `${['[mysqld]', ...settings].join('\n')}\n` },
  ]
}

/** Several servers share one computer. */
const SMALL = ['innodb_buffer_pool_size=64M', 'max_connections=100']

function identitySettings({ flavour, serverId, host }: ServerIdentity): string[] {
  const netTimeout = flavour === 'mariadb' ? 'slave_net_timeout=10' : 'replica_net_timeout=10'
  return [`server_id=${serverId}`, `report_host=${host}`, netTimeout]
}

function hosts(nodes: readonly string[]): string {
  const entries = nodes.map(node => `${nodeAddress(node)} ${node}`)
  return `${['127.0.0.1 localhost', ...entries, `${CLIENT_ADDRESS} ${CLIENT}`].join('\n')}\n`
}

/** Its processor is a program, and may have nothing to say for a while. */
const isEmulated = (node: string) => BALANCERS.some(name => name === node)

/**
 * token_coefficient 0 makes the token time-out what it says: corosync adds 650 ms for the third node otherwise.
 * Of two nodes one alone is quorate, but not before it has seen the other.
 */
function corosyncConfiguration(nodes: readonly string[]): string {
  const entries = nodes.map(
    node => `  node {\n    name: ${node}\n    nodeid: ${nodeNumber(node)}\n    ring0_addr: ${nodeAddress(node)}\n  }`,
  )
  return `totem {
  version: 2
  cluster_name: lab
  transport: knet
  crypto_cipher: none
  crypto_hash: none
  token: ${nodes.some(isEmulated) ? 10_000 : 1000}
  token_coefficient: 0
}

quorum {
  provider: corosync_votequorum
${nodes.length === 2 ? '  two_node: 1\n  wait_for_all: 1\n' : ''}}

nodelist {
${entries.join('\n')}
}

logging {
  to_syslog: no
  to_logfile: yes
  logfile: /var/log/corosync/corosync.log
  timestamp: hires
}
`
}

/** Write the files below a machine's root directory. */
export async function writeFiles(root: string, files: readonly MachineFile[]): Promise<void> {
  for (const { path, text, mode = 0o644 } of files) {
    const target = join(root, path)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, text)
    await chmod(target, mode)
  }
}
