import { command } from '../../lib/system/command.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'

interface Requirement {
  /** Succeeds where the requirement is met; runs in namespaces of its own and leaves nothing. */
  readonly probe: readonly string[]
  readonly otherwise: string
}

const ISOLATED = ['unshare', '--mount', '--net', '--ipc', '--uts', '--cgroup', '--pid', '--fork', '--kill-child']

const OVERLAY =
  'mount -t tmpfs tmpfs /mnt; cd /mnt; mkdir l u w m; mount -t overlay o -o lowerdir=l,upperdir=u,workdir=w m'

/** The first that is not met is the one that is told: each one presumes those before it. */
const REQUIREMENTS: readonly Requirement[] = [
  { probe: [...ISOLATED, 'true'], otherwise: 'the kernel or the container refuses namespaces' },
  {
    probe: [...ISOLATED, 'ip', 'link', 'add', 'probe', 'type', 'bridge'],
    otherwise: 'no network bridge can be made (kernel module bridge)',
  },
  {
    probe: [...ISOLATED, 'ip', 'link', 'add', 'probe', 'type', 'veth'],
    otherwise: 'no pair of network interfaces can be made (kernel module veth)',
  },
  { probe: [...ISOLATED, 'sh', '-ec', OVERLAY], otherwise: 'no overlay can be mounted (kernel module overlay)' },
]

/** Throws Failure with one sentence when this host cannot run a lab. */
export async function checkRequirements(): Promise<void> {
  if (process.getuid?.() !== 0)
    throw new Failure('denied', 'the lab needs root, for namespaces and mounts: run it as root')
  for (const { probe, otherwise } of REQUIREMENTS) {
    const [file = '', ...args] = probe
    const { exitCode, stderr } = await command(file, args, { deadline: Deadline.in(10_000) })
    if (exitCode !== 0) throw new Failure('not-installed', `the lab cannot run here: ${otherwise}: ${stderr}`)
  }
}
