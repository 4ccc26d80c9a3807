import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { cached } from '../lab/cache.ts'
import type { Engine } from '../lab/engines.ts'
import { succeed } from './succeed.ts'

/** What the servers share with the host: a memory file system, at the same path for both. */
export const SHARED_MEMORY = '/dev/shm'
export const ENTER = join(import.meta.dirname, 'enter-tree.sh')

/** Whom the data directory belongs to, in numbers: the host may have no such account. */
export async function ownerOf(root: string): Promise<string> {
  const accounts = await readFile(join(root, 'etc/passwd'), 'utf8')
  const [, user, group] = /^mysql:[^:]*:(\d+):(\d+):/m.exec(accounts) ?? []
  if (user === undefined || group === undefined) throw new Error(`${root}: has no account mysql`)
  return `${user}:${group}`
}

const INITIALISE = {
  mysql: (data: string, user: string) => [
    'mysqld',
    '--no-defaults',
    '--initialize-insecure',
    `--user=${user}`,
    `--datadir=${data}`,
  ],
  mariadb: (data: string) => [
    'mariadb-install-db',
    '--no-defaults',
    '--user=mysql',
    '--force',
    '--skip-test-db',
    `--datadir=${data}`,
  ],
} as const

/** A data directory just initialised; root logs in over the socket without a password. */
export function seedDirectory({ name, flavour }: Engine, root: string, owner: string): Promise<string> {
  const build = async (directory: string) => {
    const home = await mkdtemp(join(SHARED_MEMORY, 'heir-seed-'))
    try {
      const data = join(home, 'data')
      const [user = ''] = owner.split(':')
      await succeed('chown', [owner, home])
      await succeed(ENTER, [root, ...INITIALISE[flavour](data, user)])
      await rm(join(data, 'auto.cnf'), { force: true }) // each copy gets a server_uuid of its own
      await succeed('cp', ['-a', `${data}/.`, directory])
    } finally {
      await rm(home, { recursive: true })
    }
  }
  return cached({ name: `seed/${name}`, recipe: [name, root, INITIALISE[flavour].toString()], keep: 2, build })
}
