import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { command } from '../../lib/system/command.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { CACHE } from './cache.ts'

export type Suite = 'bookworm' | 'trixie' | 'sid'

/** What decides the content of a root file system: mmdebstrap's words. */
export interface TreeRecipe {
  readonly options: readonly string[]
  readonly mirrors: readonly string[]
}

/** Nobody reads documentation in there; it is a third of the files. */
const LEFT_OUT = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*']

/** A Debian release with these packages and no more than they need; `finish` is a shell command on the tree "$1". */
export const treeRecipe = (suite: Suite, packages: readonly string[], finish: string): TreeRecipe => ({
  options: [
    ...['--mode=root', '--variant=minbase', '--quiet'],
    `--include=${packages.join(',')}`,
    '--dpkgopt=force-unsafe-io',
    ...LEFT_OUT.map(pattern => `--dpkgopt=path-exclude=${pattern}`),
    '--aptopt=Acquire::Check-Valid-Until "false"', // a mirror may be a snapshot
    '--aptopt=Acquire::IndexTargets::deb::DEP-11 { DefaultEnabled "false"; }',
    `--customize-hook=${finish}`,
  ],
  mirrors: mirrors(suite),
})

/** Build it in an empty directory. Throws Failure `rejected` with mmdebstrap's reason. */
export async function buildTree(suite: Suite, { options, mirrors }: TreeRecipe, directory: string): Promise<void> {
  await mmdebstrap([...(await archivesOptions(suite)), ...options, suite, directory, ...mirrors])
}

function mirrors(suite: Suite): string[] {
  const main = `deb http://deb.debian.org/debian ${suite} main`
  return suite === 'sid' ? [main] : [main, `deb http://deb.debian.org/debian-security ${suite}-security main`]
}

/** Keep downloaded packages from one build to the next, as hard links. */
async function archivesOptions(suite: Suite): Promise<string[]> {
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
