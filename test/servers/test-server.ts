import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type Account, type Connection, connect, type Row } from '../../lib/mysql/connection.ts'
import { detectFlavour, type Flavour } from '../../lib/mysql/flavour.ts'
import { type Launch, launchServer } from '../../lib/mysql/launch-server.ts'
import { readServer } from '../../lib/mysql/read-server.ts'
import type { FlavourName, ServerFacts } from '../../lib/mysql/server-facts.ts'
import { awaitExit, type ServerProcess, signalServer } from '../../lib/mysql/server-process.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { lives } from '../../lib/system/process-table.ts'
import type { ServerFarm } from './farm.ts'
import { succeed } from './succeed.ts'

/** As an administrator configures replication. */
const OPTIONS: Record<FlavourName, readonly string[]> = {
  mysql: ['gtid_mode=ON', 'enforce_gtid_consistency=ON', 'mysqlx=OFF', 'innodb_redo_log_capacity=32M'],
  mariadb: ['gtid_strict_mode=ON', 'log_slave_updates=ON'],
}

/** What a server is made of. */
interface Making {
  readonly farm: ServerFarm
  readonly directory: string
  /** A data directory to begin with. */
  readonly seed: string
  /** Lines of its configuration, which count before the others. */
  readonly options: readonly string[]
  readonly binary: string
}

/** One real server. Statements run over one session of root. */
export class TestServer {
  readonly launch: Launch
  readonly port: number
  #process: ServerProcess | undefined
  #connection: Connection | undefined
  #flavour: Flavour | undefined

  private constructor(launch: Launch, port: number) {
    this.launch = launch
    this.port = port
  }

  /** Give it a data directory and a configuration. */
  static async create({ farm, directory, seed, options, binary }: Making): Promise<TestServer> {
    const port = await freePort()
    const config = join(directory, 'my.cnf')
    await mkdir(directory)
    await succeed('chown', [`${farm.user}:${farm.group}`, directory])
    await succeed('cp', ['-a', seed, join(directory, 'data')])
    const lines = [
      ...['[mysqld]', `port=${port}`, `server_id=${port}`, 'bind_address=127.0.0.1', `tmpdir=${directory}`],
      ...['log_bin=binlog', 'sync_binlog=1', 'innodb_buffer_pool_size=32M', 'performance_schema=ON'],
      ...OPTIONS[farm.engine.flavour],
      ...options,
    ]
    await writeFile(config, `${lines.join('\n')}\n`)
    const launch = {
      ...{ binary, config, dataDirectory: join(directory, 'data') },
      ...{ socket: join(directory, 'socket'), pidFile: join(directory, 'pid'), errorLog: join(directory, 'error.log') },
      ...{ user: farm.user, group: farm.group, additional: [] },
    }
    return new TestServer(launch, port)
  }

  get connection(): Connection {
    return present(this.#connection)
  }

  get flavour(): Flavour {
    return present(this.#flavour)
  }

  get process(): ServerProcess {
    return present(this.#process)
  }

  /** What every function of the library takes first. */
  get talk(): readonly [Connection, Flavour] {
    return [this.connection, this.flavour]
  }

  /** Start it as the agent does, and log in. */
  async start(additional: readonly string[] = []): Promise<void> {
    this.#process = await launchServer({ ...this.launch, additional }, Deadline.in(10_000))
    const connection = await Deadline.in(60_000).poll(20, () => this.#tryToConnect(this.process))
    if (connection === undefined) throw new Error(`the server does not answer: ${await this.log()}`)
    this.#connection = connection
    this.#flavour = await detectFlavour(connection, soon())
  }

  /** Another session. */
  session(account: Account = { user: 'root' }, deadline = soon()): Promise<Connection> {
    return connect({ socket: this.launch.socket }, account, deadline)
  }

  query(sql: string): Promise<Row[]> {
    return this.connection.query(sql, Deadline.in(60_000))
  }

  /** The one value of a query. */
  async value(sql: string): Promise<string | null> {
    const [row] = await this.query(sql)
    return Object.values(row ?? {})[0] ?? null
  }

  facts(): Promise<ServerFacts> {
    return readServer(this.connection, this.flavour, soon())
  }

  log(): Promise<string> {
    return readFile(this.launch.errorLog ?? '', 'utf8')
  }

  async kill(): Promise<void> {
    this.#connection?.close()
    if (this.#process === undefined) return
    await signalServer(this.#process, 'SIGKILL')
    if (!(await awaitExit(this.#process, Deadline.in(30_000)))) throw new Error('the server survives SIGKILL')
    this.#process = undefined
  }

  async #tryToConnect(process: ServerProcess): Promise<Connection | undefined> {
    try {
      return await this.session()
    } catch (error) {
      if (!(error instanceof Failure && error.kind === 'unreachable')) throw error
      if (!lives(process)) throw new Error(`the server does not start: ${await this.log()}`)
      return undefined
    }
  }
}

/** Enough for any statement here on a busy machine. */
export const soon = (): Deadline => Deadline.in(30_000)

/** For how long to look until a transaction's rows are seen: on MariaDB it is among the GTIDs a moment before. */
export const SEEN = { timeout: 10_000 }

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the server has not been started')
  return value
}

/** A port of the loopback address that nothing listens on. */
export async function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const server = createServer().once('error', reject)
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))))
  })
  return promise
}
