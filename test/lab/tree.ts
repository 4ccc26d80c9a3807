import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { command } from '../../lib/system/command.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { CACHE, cached } from './cache.ts'
import type { Engine } from './engines.ts'

/** What every machine of a cluster has, whatever server it runs. libxml2-utils is for ocf-tester. */
const COMMON_PACKAGES = [
  ...['pacemaker', 'pacemaker-cli-utils', 'corosync', 'crmsh', 'pcs', 'resource-agents'],
  ...['iproute2', 'iputils-arping', 'iputils-ping', 'nftables'],
  ...['less', 'libxml2-utils', 'procps', 'psmisc', 'strace'],
]

/** Nobody reads documentation in there; it is a third of the files. */
const LEFT_OUT = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*']

/** What the packages' installation leaves or lacks: data that is made afresh, and a directory that corosync misses. */
const FINISH = [
  'rm -rf "$1"/var/lib/mysql/* "$1"/etc/corosync/corosync.conf "$1"/var/lib/pacemaker/cib/*',
  'mkdir -p "$1"/var/lib/corosync "$1"/var/log/corosync',
].join('; ')

/** The root file system that all machines of the engine share, read-only; built with mmdebstrap within a minute or two. */
export async function tree(engine: Engine, progress: (line: string) => void): Promise<string> {
  const recipe = { options: options(engine), mirrors: mirrors(engine) }
  return await cached({
    name: `tree/${engine.suite}`,
    recipe: [recipe],
    keep: 1,
    build: async directory => {
      progress(
        `building the machines' root file system: Debian ${engine.suite} with ${engine.name} (a minute or two, once)`,
      )
      const archives = await archivesOptions(engine.suite)
      await mmdebstrap([...archives, ...recipe.options, engine.suite, directory, ...recipe.mirrors])
    },
  })
}

function options(engine: Engine): string[] {
  return [
    ...['--mode=root', '--variant=minbase', '--quiet'],
    `--include=${[...COMMON_PACKAGES, ...engine.packages].join(',')}`,
    '--dpkgopt=force-unsafe-io',
    ...LEFT_OUT.map(pattern => `--dpkgopt=path-exclude=${pattern}`),
    '--aptopt=Acquire::Check-Valid-Until "false"', // a mirror may be a snapshot
    '--aptopt=Acquire::IndexTargets::deb::DEP-11 { DefaultEnabled "false"; }',
    `--customize-hook=${FINISH}`,
  ]
}

function mirrors({ suite }: Engine): string[] {
  const main = `deb http://deb.debian.org/debian ${suite} main`
  return suite === 'sid' ? [main] : [main, `deb http://deb.debian.org/debian-security ${suite}-security main`]
}

/** Keep downloaded packages from one build to the next, as hard links. */
async function archivesOptions(suite: string): Promise<string[]> {
  const archives = join(CACHE, 'archives', suite)
  await mkdir(archives, { recursive: true })
  const inside = '"$1"/var/cache/apt/archives'
  return [
    '--skip=essential/unlink',
    `--setup-hook=mkdir -p ${inside}; find '${archives}' -name '*.deb' -exec ln -t ${inside} {} +`,
    `--customize-hook=find ${inside} -name '*.deb' -exec ln -f -t '${archives}' {} +`,
  ]
}

async function mmdebstrap(args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await command('mmdebstrap', args, { deadline: Deadline.in(15 * 60_000) })
  if (exitCode === 0) return
  const reason = stderr.split('\n').find(line => line.startsWith('E:')) ?? stderr.slice(-300)
  throw new Failure('rejected', `mmdebstrap: ${reason}`)
}
