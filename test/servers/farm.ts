import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { cached } from '../lab/cache.ts'
import type { Engine } from '../lab/engines.ts'
import { tree } from '../lab/tree.ts'
import { succeed } from './succeed.ts'
import { TestServer } from './test-server.ts'

/** What the servers share with the host: a memory file system, at the same path for both. */
const SHARED_MEMORY = '/dev/shm'
const ENTER = join(import.meta.dirname, 'enter-tree.sh')

/** Ends the servers and removes their files as soon as the process that made the farm is gone, however it went. */
const GUARD = 'echo ready; cat; for file in "$0"/*/pid; do kill -9 "$(cat "$file")"; done; rm -rf "$0"'

/** Its lock on the tree keeps that from being removed by a newer build. It ends with what it answers. */
async function startGuard(root: string, home: string): Promise<Writable> {
  const command = ['--shared', '--no-fork', root, 'sh', '-c', GUARD, home]
  const guard = spawn('flock', command, { stdio: ['pipe', 'pipe', 'ignore'], detached: true })
  await once(guard.stdout, 'data')
  guard.unref()
  return guard.stdin
}

/** Servers of one engine, from its Debian release, with data directories in memory. Listens on the loopback address alone. */
export class ServerFarm implements AsyncDisposable {
  readonly engine: Engine
  /** The server as a program of the host. */
  readonly binary: string
  readonly user: string
  readonly group: string
  readonly #home: string
  readonly #seed: string
  readonly #guard: Writable
  readonly #servers: TestServer[] = []
  #started = 0

  private constructor(engine: Engine, home: string, seed: string, owner: string, guard: Writable) {
    const [user = '', group = ''] = owner.split(':')
    this.engine = engine
    this.binary = join(home, 'server')
    this.user = user
    this.group = group
    this.#home = home
    this.#seed = seed
    this.#guard = guard
  }

  static async open(engine: Engine): Promise<ServerFarm> {
    const root = await tree(engine, line => console.log(line))
    const owner = await ownerOf(root)
    const seed = await seedDirectory(engine, root, owner)
    const home = await mkdtemp(join(SHARED_MEMORY, 'heir-servers-'))
    await chmod(home, 0o755)
    const guard = await startGuard(root, home)
    const program = `#!/bin/sh\nexec ${ENTER} ${root} ${engine.server} "$@"\n`
    await writeFile(join(home, 'server'), program, { mode: 0o755 })
    return new ServerFarm(engine, home, seed, owner, guard)
  }

  /** A new server with an empty history, running and closed to writes. `options` are lines of its configuration. */
  async start(options: readonly string[] = []): Promise<TestServer> {
    const directory = join(this.#home, String(++this.#started))
    const server = await TestServer.create(this, directory, this.#seed, options)
    this.#servers.push(server)
    await server.start()
    return server
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) await server.kill()
    await rm(this.#home, { recursive: true })
    this.#guard.end()
  }
}

/** Whom the data directory belongs to, in numbers: the host may have no such account. */
async function ownerOf(root: string): Promise<string> {
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
function seedDirectory({ name, flavour }: Engine, root: string, owner: string): Promise<string> {
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
