import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import type { Engine } from '../lab/engines.ts'
import { tree } from '../lab/tree.ts'
import { ENTER, ownerOf, SHARED_MEMORY, seedDirectory } from './seed.ts'
import { succeed } from './succeed.ts'
import { TestServer } from './test-server.ts'

/**
 * Ends the servers, known by their working directories, and removes their files as soon as the process that made the farm is
 * gone, however it went.
 */
const GUARD = `
echo ready
cat
for process in /proc/[0-9]*; do
  case $(readlink "$process/cwd") in *"$0"/*) kill -9 "\${process#/proc/}" ;; esac
done
rm -rf "$0"`

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
  /** A directory that the servers see at the same place. */
  readonly home: string
  readonly #root: string
  readonly #seed: string
  readonly #guard: Writable
  readonly #servers: TestServer[] = []
  #started = 0

  private constructor(engine: Engine, root: string, home: string, seed: string, owner: string, guard: Writable) {
    const [user = '', group = ''] = owner.split(':')
    this.engine = engine
    this.binary = join(home, 'server')
    this.user = user
    this.group = group
    this.home = home
    this.#root = root
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
    return new ServerFarm(engine, root, home, seed, owner, guard)
  }

  /**
   * A new server with an empty history, running and closed to writes. `options` are lines of its configuration; with a process,
   * the server has that one's network and host name.
   */
  async start(options: readonly string[] = [], pid?: number): Promise<TestServer> {
    const directory = join(this.home, String(++this.#started))
    const binary = pid === undefined ? this.binary : await this.#binaryIn(pid)
    const server = await TestServer.create({ farm: this, directory, seed: this.#seed, options, binary })
    this.#servers.push(server)
    await server.start()
    return server
  }

  async #binaryIn(pid: number): Promise<string> {
    const path = join(this.home, `server-in-${pid}`)
    const enter = `nsenter --target ${pid} --net --uts -- ${this.binary}`
    await writeFile(path, `#!/bin/sh\nexec ${enter} "$@"\n`, { mode: 0o755 })
    return path
  }

  /** A program of the servers' system, as one of the host. */
  async program(name: string): Promise<string> {
    const path = join(this.home, `program-${name}`)
    await writeFile(path, `#!/bin/sh\nexec ${ENTER} ${this.#root} ${name} "$@"\n`, { mode: 0o755 })
    return path
  }

  /** Run a program of the servers' system, which has to succeed. */
  run(program: string, args: readonly string[]): Promise<void> {
    return succeed(ENTER, [this.#root, program, ...args])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) await server.kill()
    await rm(this.home, { recursive: true })
    this.#guard.end()
  }
}
