import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { command } from '../../lib/system/command.ts'
import { EXECUTABLE } from '../../packaging/products.ts'
import { printed } from '../agent/commands/configure-words.ts'
import { tethered } from '../lab/enter.ts'
import { succeed } from './succeed.ts'
import { soon } from './test-server.ts'

const HOMES = { alpha: '10.0.0.1', beta: '10.0.0.2' } as const
export type NodeName = keyof typeof HOMES
export const NODES = Object.keys(HOMES) as readonly NodeName[]

/** The addresses that keepalived moves. */
export const [WRITERS, READERS] = ['10.0.0.100', '10.0.0.101']

export const homeOf = (node: NodeName): string => HOMES[node]

/** A network and a host name of its own, and the program where the configuration has it. Lasts until its input ends. */
const NODE = `
mount -t tmpfs tmpfs /mnt
mkdir /mnt/upper /mnt/work
mount -t overlay overlay -o lowerdir=/usr/bin,upperdir=/mnt/upper,workdir=/mnt/work /usr/bin
touch /usr/bin/heir
mount --bind "$0" /usr/bin/heir
echo "$1" >/proc/sys/kernel/hostname
ip link set lo up
echo ready
exec cat`

const SWITCH = `
ip link add switch type bridge forward_delay 0
ip address add 10.0.0.254/24 dev switch
ip link set switch up
echo ready
exec cat`

/** Two nodes with keepalived and no cluster software, and a network between them where clients are. */
export class KeepalivedNodes implements AsyncDisposable {
  readonly #home: string
  readonly #holders = new Map<NodeName | 'switch', ChildProcess>()
  readonly #daemons = new Map<NodeName, ChildProcess>()

  private constructor(home: string) {
    this.#home = home
  }

  /** `home` is a directory for the configurations. */
  static async open(home: string): Promise<KeepalivedNodes> {
    const nodes = new KeepalivedNodes(home)
    await nodes.#hold('switch', ['--net', 'sh', '-euc', SWITCH])
    for (const node of NODES) {
      await nodes.#hold(node, ['--mount', '--net', '--uts', 'sh', '-euc', NODE, EXECUTABLE, node])
      await nodes.#connect(node)
    }
    return nodes
  }

  /** The process whose namespaces are those of the node, or of the clients. */
  pidOf(node: NodeName | 'switch'): number {
    const pid = this.#holders.get(node)?.pid
    if (pid === undefined) throw new Error(`${node} is not there yet`)
    return pid
  }

  /** Start keepalived with what is printed for the node, whose server has this socket. */
  async startDaemon(node: NodeName, socket: string): Promise<void> {
    const file = join(this.#home, `${node}.conf`)
    const text = printed({
      ...{ format: 'keepalived', nodes: NODES.join(','), node, nic: 'eth0' },
      address: NODES.map(node => `${node}=${HOMES[node]}`),
      ...{ writerVip: `${WRITERS}/24`, readerVip: [`${READERS}/24`] },
      set: [`socket=${socket}`],
    })
    await writeFile(file, text)
    const pids = [`--pid=${file}.pid`, `--vrrp_pid=${file}.vrrp.pid`]
    const argv = ['keepalived', '--dont-fork', '--vrrp', '--log-console', '--use-file', file, ...pids]
    const [program = '', ...args] = this.enter(node, argv)
    this.#daemons.set(node, spawn(program, args, { stdio: 'ignore' }))
  }

  async stopDaemon(node: NodeName): Promise<void> {
    const daemon = this.#daemons.get(node)
    if (daemon !== undefined) await end(daemon, 'SIGTERM')
    this.#daemons.delete(node)
  }

  /** The nodes that have an address. */
  async homesOf(ip: string): Promise<NodeName[]> {
    const found = await Promise.all(
      NODES.map(async node => {
        const addresses = await this.run(node, ['ip', '-brief', 'address'])
        return addresses.includes(` ${ip}/`) ? [node] : []
      }),
    )
    return found.flat()
  }

  /** The command line that runs a program of the host on a node. */
  enter(node: NodeName, argv: readonly string[]): string[] {
    return ['nsenter', '--target', String(this.pidOf(node)), '--net', '--mount', '--uts', '--', ...argv]
  }

  /** Run a program of the host on a node, which has to succeed; answers what it prints. */
  async run(node: NodeName, argv: readonly string[], input = ''): Promise<string> {
    const [file = '', ...args] = this.enter(node, argv)
    const { exitCode, stdout, stderr } = await command(file, args, { deadline: soon(), input })
    if (exitCode !== 0) throw new Error(`${node}: ${argv.join(' ')} ends with ${exitCode}: ${stderr}`)
    return stdout
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of NODES) await this.stopDaemon(node)
    for (const holder of this.#holders.values()) await end(holder, 'SIGKILL')
  }

  async #hold(node: NodeName | 'switch', words: readonly string[]): Promise<void> {
    const [file = '', ...args] = tethered(['unshare', ...words])
    const holder = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#holders.set(node, holder)
    await once(holder.stdout, 'data')
  }

  async #connect(node: NodeName): Promise<void> {
    const peer = ['peer', 'name', 'eth0', 'netns', String(this.pidOf(node))]
    const bridge = ['--target', String(this.pidOf('switch')), '--net', 'ip', 'link']
    await succeed('nsenter', [...bridge, 'add', `port-${node}`, 'type', 'veth', ...peer])
    await succeed('nsenter', [...bridge, 'set', `port-${node}`, 'master', 'switch', 'up'])
    await this.run(node, ['ip', 'address', 'add', `${HOMES[node]}/24`, 'dev', 'eth0'])
    await this.run(node, ['ip', 'link', 'set', 'eth0', 'up'])
  }
}

async function end(process: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  process.kill(signal)
  if (process.exitCode === null && process.signalCode === null) await once(process, 'exit')
}
