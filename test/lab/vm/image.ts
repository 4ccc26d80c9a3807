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

/** A kernel with LVS, and what balances with it; busybox, cpio and kmod for the first file system. */
const PACKAGES = [
  ...['linux-image-cloud-amd64', 'initramfs-tools', 'busybox-static', 'cpio', 'kmod'],
  ...['iproute2', 'ipvsadm', 'keepalived', 'ldirectord', 'procps'],
]

const EARLY_ROOT = join(import.meta.dirname, 'early-root.sh')
const FIRST_PROCESS = join(import.meta.dirname, 'first-process.sh')

/** The image of a balancer on Debian's own kernel, with LVS, which the kernel of this machine need not have. Built once, in minutes. */
export async function balancerImage(): Promise<Image> {
  const recipe = treeRecipe('bookworm', PACKAGES, 'rm -rf "$1"/var/cache/apt "$1"/var/lib/apt/lists')
  const scripts = await Promise.all([EARLY_ROOT, FIRST_PROCESS].map(file => readFile(file, 'utf8')))
  const home = await cached({
    name: 'vm',
    recipe: [recipe, scripts],
    keep: 1,
    build: async directory => {
      const root = join(directory, 'tree')
      await buildTree('bookworm', recipe, root)
      await copyFile(FIRST_PROCESS, join(root, 'sbin/first-process'))
      await tool('sh', [EARLY_ROOT, root])
      await copyFile(join(root, 'vmlinuz'), join(directory, 'kernel'))
      await copyFile(join(root, 'boot/early'), join(directory, 'early'))
      await tool('mke2fs', ['-q', '-t', 'ext4', '-O', '^has_journal', '-d', root, join(directory, 'disk'), '700M'])
      await rm(root, { recursive: true })
    },
  })
  return { kernel: join(home, 'kernel'), early: join(home, 'early'), disk: join(home, 'disk') }
}

async function tool(program: string, args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await command(program, args, { deadline: Deadline.in(120_000) })
  if (exitCode !== 0) throw new Failure('rejected', `${program} ${args.join(' ')}: ${stderr}`)
}
