import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type CommandResult, command } from '../../lib/system/command.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { EXECUTABLE } from '../../packaging/products.ts'
import type { Engine } from '../lab/engines.ts'
import { tree } from '../lab/tree.ts'

/** A machine's root file system of which every change is forgotten, with heir in it and no network. Lasts until its input ends. */
const ROOT = `
mount -t tmpfs tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay overlay -o lowerdir="$0",upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
mount --rbind /dev /mnt/root/dev
mount --bind /proc /mnt/root/proc
mount -t tmpfs tmpfs /mnt/root/tmp
touch /mnt/root/usr/bin/heir
mount --bind "$1" /mnt/root/usr/bin/heir
mkdir -p /mnt/root/usr/lib/ocf/resource.d/heir
ln -s ../../../../bin/heir /mnt/root/usr/lib/ocf/resource.d/heir/mysql
echo ready
exec cat`

/** The CIB that the tools work on, in the place of a cluster. */
const CIB = '/tmp/cib.xml'

/** pcs takes a second and more for each command of a script on a busy machine. */
const BOUND_MS = 280_000

/** A fencing device for all nodes, with an agent that every Pacemaker brings along. */
const DEVICE = '<primitive id="fencing" class="stonith" type="fence_watchdog"/>'

/** The tools of a release's Pacemaker, crmsh, pcs and heir, at work on a file instead of a cluster. */
export class OfflineCluster implements AsyncDisposable {
  readonly #holder: ChildProcess

  private constructor(holder: ChildProcess) {
    this.#holder = holder
  }

  static async open(engine: Engine): Promise<OfflineCluster> {
    const root = await tree(engine, line => console.log(line))
    const argv = ['--mount', '--net', 'sh', '-euc', ROOT, root, EXECUTABLE]
    const holder = spawn('unshare', argv, { stdio: ['pipe', 'pipe', 'inherit'] })
    await once(holder.stdout, 'data')
    return new OfflineCluster(holder)
  }

  /** Begin with a CIB that knows these nodes and, unless told otherwise, a fencing device. */
  async reset(nodes: readonly string[], device = DEVICE): Promise<void> {
    const known = nodes.map((node, index) => `<node id="${index + 1}" uname="${node}"/>`).join('')
    await this.succeed([
      'sh',
      '-euc',
      `rm -f ${CIB}; cibadmin --empty >${CIB}.new; chmod 666 ${CIB}.new; mv ${CIB}.new ${CIB}`,
    ])
    const xml = `<configuration><nodes>${known}</nodes><resources>${device}</resources></configuration>`
    await this.succeed(['cibadmin', '--modify', '--allow-create', '--xml-text', xml])
  }

  run(argv: readonly string[], input = ''): Promise<CommandResult> {
    const inside = ['chroot', '/mnt/root', 'env', `CIB_file=${CIB}`, ...argv]
    const args = ['--target', String(this.#holder.pid), '--mount', '--net', ...inside]
    return command('nsenter', args, { deadline: Deadline.in(BOUND_MS), input })
  }

  /** Run a program that has to succeed; answers what it prints. */
  async succeed(argv: readonly string[], input = ''): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(argv, input)
    if (exitCode !== 0) throw new Error(`${argv.join(' ')} ends with ${exitCode}: ${stderr || stdout}`)
    return stdout
  }

  /** The text of the CIB. */
  cib(): Promise<string> {
    return this.succeed(['cibadmin', '--query'])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#holder.kill('SIGKILL')
    await once(this.#holder, 'exit')
  }
}
