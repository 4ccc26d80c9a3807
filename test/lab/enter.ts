/** What a process started in a machine sees of our environment: nothing but this. */
const ENVIRONMENT = ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', 'LC_ALL=C.UTF-8']

const OWN_NAMESPACES = ['--mount', '--uts', '--ipc', '--net', '--cgroup', '--pid']

/** The command line that runs a program inside the machine that the process belongs to. */
export function inMachine(pid: number, argv: readonly string[]): string[] {
  return ['nsenter', '--target', String(pid), ...OWN_NAMESPACES, '--', 'env', '-i', ...ENVIRONMENT, ...argv]
}

/** The command line that runs a program of the host on the network that the process belongs to. */
export function onNetwork(pid: number, argv: readonly string[]): string[] {
  return ['nsenter', '--target', String(pid), '--net', '--', ...argv]
}

/** The command line that kills a program after so many seconds, whatever became of who started it. */
export function bounded(seconds: number, argv: readonly string[]): string[] {
  return ['timeout', '--signal=KILL', String(seconds), ...argv]
}

/** The command line that kills a program when the process that started it ends in any way. */
export function tethered(argv: readonly string[]): string[] {
  return ['setpriv', '--pdeathsig', 'KILL', '--', ...argv]
}
