import { readFile } from 'node:fs/promises'
import { type Account, type Connection, connect } from '../mysql/connection.ts'
import { type Launch, launchServer } from '../mysql/launch-server.ts'
import type { FlavourName } from '../mysql/server-facts.ts'
import { awaitExit, findServer, signalServer } from '../mysql/server-process.ts'
import { command } from '../system/command.ts'
import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import { lives } from '../system/process-table.ts'

/** What a server of our own needs to be like, so that it can take a donor's data. */
export interface HelperOptions {
  readonly flavour: FlavourName
  readonly binary: string
  /** mariadb-install-db. */
  readonly install: string
  readonly user: string
  readonly group: string
  /** The data directory to make, in a directory that only this user may enter: its root has no password. */
  readonly dataDirectory: string
  readonly socket: string
  /** Settings that are fixed when a data directory is made, as options. */
  readonly layout: readonly string[]
  /** Further options to run with. */
  readonly options: readonly string[]
}

const ROOT: Account = { user: 'root' }

/** Nobody can reach it but over its socket, and it keeps no history. It reads no option files: they are for the real server. */
const ALONE: Readonly<Record<FlavourName, readonly string[]>> = {
  mysql: ['--no-defaults', '--skip-networking', '--loose-mysqlx=OFF', '--skip-log-bin', '--event-scheduler=OFF'],
  mariadb: ['--no-defaults', '--skip-networking', '--skip-log-bin'],
}

const BUFFER_POOL = '--innodb-buffer-pool-size=128M'

/** Make a data directory with nothing in it but the server's own tables. Throws Failure `rejected` with what the program says. */
export async function initialise(options: HelperOptions, deadline: Deadline): Promise<void> {
  const { flavour, binary, install, user, group, dataDirectory, layout } = options
  const made = await command('install', ['-o', user, '-g', group, '-m', '0700', '-d', dataDirectory], { deadline })
  if (made.exitCode !== 0) throw new Failure('rejected', `${dataDirectory}: ${made.stderr.trim()}`)
  const rest = ['--no-defaults', ...layout, `--user=${user}`, `--datadir=${dataDirectory}`]
  const answer =
    flavour === 'mysql'
      ? await command(binary, [...rest, '--initialize-insecure'], { deadline })
      : await command(install, [...rest, '--skip-test-db', '--force', NO_PASSWORD], { deadline })
  if (answer.exitCode === 0) return
  const said = (answer.stderr || answer.stdout).trim().split('\n').at(-1)
  throw new Failure('rejected', `no data directory can be made in ${dataDirectory}: ${said}`)
}

/** Root of a helper has no password, whoever runs this program. */
const NO_PASSWORD = '--auth-root-authentication-method=normal'

/** Start it and log in. Throws Failure `rejected` with its last word when it does not run, `timed-out` when it does not answer. */
export async function startHelper(options: HelperOptions, deadline: Deadline): Promise<Connection> {
  const { flavour, dataDirectory, socket } = options
  const process = await launchServer(launchOf(options), deadline)
  const connection = await deadline.poll(50, async () => {
    if (!lives(process)) return 'ended' as const
    return connect({ socket }, ROOT, deadline).catch(unlessUnreachable)
  })
  if (connection === undefined) throw new Failure('timed-out', `the helping ${flavour} server does not answer`)
  if (connection !== 'ended') return connection
  throw new Failure('rejected', `the helping ${flavour} server does not start: ${await lastError(dataDirectory)}`)
}

/** Its log goes with what it was for. */
async function lastError(dataDirectory: string): Promise<string> {
  const log = await readFile(logOf(dataDirectory), 'utf8').catch(() => '')
  return log.split('\n').findLast(line => line.includes('[ERROR]')) ?? 'it does not say why'
}

/** Another session in it. */
export const helperSession = ({ socket }: HelperOptions, deadline: Deadline): Promise<Connection> =>
  connect({ socket }, ROOT, deadline)

/** End it, in order or at once; also one that an interrupted seed has left. */
export async function endHelper(dataDirectory: string, how: 'SIGTERM' | 'SIGKILL', deadline: Deadline): Promise<void> {
  const process = await findServer(placeOf(dataDirectory))
  if (process === undefined) return
  await signalServer(process, how)
  if (await awaitExit(process, deadline)) return
  throw new Failure('timed-out', `the helping server (pid ${process.pid}) does not end`)
}

async function unlessUnreachable(error: unknown): Promise<undefined> {
  if (!(error instanceof Failure && error.kind === 'unreachable')) throw error
  return undefined
}

function launchOf({ flavour, binary, user, group, dataDirectory, socket, layout, options }: HelperOptions): Launch {
  return {
    ...placeOf(dataDirectory),
    binary,
    config: undefined,
    socket,
    errorLog: logOf(dataDirectory),
    user,
    group,
    additional: [...ALONE[flavour], BUFFER_POOL, '--server-id=4294967295', ...layout, ...options],
  }
}

const placeOf = (dataDirectory: string) => ({ dataDirectory, pidFile: `${dataDirectory}.pid` })
const logOf = (dataDirectory: string) => `${dataDirectory}.err`
