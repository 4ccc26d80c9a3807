import { copyFile, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { command } from '../../../lib/system/command.ts'
import { Deadline } from '../../../lib/system/deadline.ts'
import { Failure } from '../../../lib/system/failure.ts'
import { cached } from '../cache.ts'
import { buildTree, treeRecipe } from '../debian-tree.ts'

/** What a virtual machine is started from, read-only. */
export interface Image {
  readonly kernel: string
  readonly early: string
  readonly disk: string
}

/** A kernel with LVS, and what balances with it, in a cluster or without; a server; busybox, cpio and kmod for the first file system. */
const PACKAGES = [
  ...['linux-image-cloud-amd64', 'initramfs-tools', 'busybox-static', 'cpio', 'kmod', 'systemd-sysv'],
  ...['iproute2', 'iputils-arping', 'ipvsadm', 'keepalived', 'ldirectord', 'procps', 'rpm', 'wget'],
  ...['corosync', 'pacemaker', 'pacemaker-cli-utils', 'resource-agents', 'mariadb-server'],
]

/** systemd starts nothing but what it is told, and finds itself installed long ago. */
const FINISH = [
  'rm -rf "$1"/var/cache/apt "$1"/var/lib/apt/lists "$1"/etc/systemd/system/*.target.wants/*',
  'chroot "$1" systemd-machine-id-setup',
  'mkdir -p "$1"/var/lib/corosync "$1"/var/log/corosync',
].join('; ')

const EARLY_ROOT = join(import.meta.dirname, 'early-root.sh')
const TOLD = join(import.meta.dirname, 'told.sh')
const TOLD_UNIT = join(import.meta.dirname, 'told.service')

/** The image of a machine with Debian's own kernel, with LVS, which the kernel of this machine need not have. Built once, in minutes. */
export async function machineImage(): Promise<Image> {
  const recipe = treeRecipe('bookworm', PACKAGES, FINISH)
  const scripts = await Promise.all([EARLY_ROOT, TOLD, TOLD_UNIT].map(file => readFile(file, 'utf8')))
  const home = await cached({
    name: 'vm',
    recipe: [recipe, scripts],
    keep: 1,
    build: async directory => {
      const root = join(directory, 'tree')
      await buildTree('bookworm', recipe, root)
      await copyFile(TOLD, join(root, 'sbin/told'))
      await copyFile(TOLD_UNIT, join(root, 'etc/systemd/system/told.service'))
      await tool('chroot', [root, 'systemctl', 'enable', 'told'])
      await tool('sh', [EARLY_ROOT, root])
      await copyFile(join(root, 'vmlinuz'), join(directory, 'kernel'))
      await copyFile(join(root, 'boot/early'), join(directory, 'early'))
      await tool('mke2fs', ['-q', '-t', 'ext4', '-O', '^has_journal', '-d', root, join(directory, 'disk'), '2G'])
      await rm(root, { recursive: true })
    },
  })
  return { kernel: join(home, 'kernel'), early: join(home, 'early'), disk: join(home, 'disk') }
}

async function tool(program: string, args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await command(program, args, { deadline: Deadline.in(120_000) })
  if (exitCode !== 0) throw new Failure('rejected', `${program} ${args.join(' ')}: ${stderr}`)
}
