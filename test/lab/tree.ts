import { cached } from './cache.ts'
import { buildTree, treeRecipe } from './debian-tree.ts'
import type { Engine } from './engines.ts'

/** What every machine of a cluster has, whatever server it runs. libxml2-utils is for ocf-tester. */
const COMMON_PACKAGES = [
  ...['pacemaker', 'pacemaker-cli-utils', 'corosync', 'crmsh', 'pcs', 'resource-agents'],
  ...['iproute2', 'iputils-arping', 'iputils-ping', 'nftables'],
  ...['less', 'libxml2-utils', 'procps', 'psmisc', 'strace'],
]

/** What the packages' installation leaves or lacks: data that is made afresh, and a directory that corosync misses. */
const FINISH = [
  'rm -rf "$1"/var/lib/mysql/* "$1"/etc/corosync/corosync.conf "$1"/var/lib/pacemaker/cib/*',
  'mkdir -p "$1"/var/lib/corosync "$1"/var/log/corosync',
].join('; ')

/**
 * The root file system that all machines of the engine share, read-only; built with mmdebstrap within a minute or two. One with
 * more packages is kept beside it.
 */
export async function tree(
  engine: Engine,
  progress: (line: string) => void,
  packages: readonly string[] = [],
): Promise<string> {
  const recipe = treeRecipe(engine.suite, [...COMMON_PACKAGES, ...engine.packages, ...packages], FINISH)
  return await cached({
    name: `tree/${[engine.suite, ...packages].join('+')}`,
    recipe: [recipe],
    keep: 1,
    build: async directory => {
      progress(
        `building the machines' root file system: Debian ${engine.suite} with ${engine.name} (a minute or two, once)`,
      )
      await buildTree(engine.suite, recipe, directory)
    },
  })
}
