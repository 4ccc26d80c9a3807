import { existsSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expectWhole } from '../seed/marker.ts'
import { command, launch } from '../system/command.ts'
import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import { hasBecomeIt, holding, type Start } from '../system/held-lock.ts'
import { findProcess } from '../system/process-table.ts'
import { rememberEvents } from './event-scheduler.ts'
import { CLOSED_START } from './flavour.ts'
import { expectHarmlessPersisted } from './persisted-variables.ts'
import { readServerDefaults } from './server-defaults.ts'
import type { FlavourName } from './server-facts.ts'
import type { ServerPlace, ServerProcess } from './server-process.ts'

/** What a server is started with. */
export interface Launch extends ServerPlace {
  /** mysqld or mariadbd itself: mysqld_safe would restart, unguarded, a server that was killed. */
  readonly binary: string
  /** The only option file to read; the server's usual ones where undefined. */
  readonly config: string | undefined
  readonly socket: string
  /** Where the server logs; without an extension MariaDB adds one of its own. Undefined: where its option files say, or else to mysqld.err in the data directory. */
  readonly errorLog: string | undefined
  readonly user: string
  readonly group: string
  /** The user's own arguments. */
  readonly additional: readonly string[]
  /** A file that the server is to hold locked for as long as it lives. */
  readonly lock?: string | undefined
}

/**
 * Start a server, closed to writes from its first instant by arguments, which outrank every option file.
 * Answers as soon as the process runs, long before the server listens; the server outlives this program.
 * Throws Failure `not-installed` without such a program, `rejected` when it does not run, when a directory cannot be made or
 * when a persisted variable would undo the arguments, and `misconfigured` for data that are only half there.
 */
export async function launchServer(server: Launch, deadline: Deadline): Promise<ServerProcess> {
  const flavour = await programFlavour(server.binary, deadline)
  const events = flavour === 'mariadb' && (await wantsEvents(server, deadline))
  await expectWhole(server.dataDirectory)
  expectData(server.dataDirectory)
  expectHarmlessPersisted(server.dataDirectory)
  await prepareFiles(server, deadline)
  const start: Start = [server.binary, serverArguments(flavour, { ...server, events })]
  const [file, words] = server.lock === undefined ? start : holding(server.lock, start)
  const pid = await launch(file, words, {
    directory: server.dataDirectory, // as the server itself will do: from its first instant it can be found by it
    output: outputFile(server),
  })
  await deadline.poll(2, async () => hasBecomeIt(pid) || undefined)
  const process = findProcess(pid)
  if (process === undefined) throw new Failure('rejected', `${server.binary} ended at once: see ${outputFile(server)}`)
  return process
}

/** The server's own tables: without them it ends with a row of complaints, of which none says what helps. */
function expectData(dataDirectory: string): void {
  if (existsSync(join(dataDirectory, 'mysql'))) return
  throw new Failure('rejected', `${dataDirectory} holds no data of a server: run "heir seed" on this node`)
}

/** The command line: what the user adds can contradict none of what comes after it. `events`: its files have it run events. */
export function serverArguments(flavour: FlavourName, server: Launch & { readonly events: boolean }): string[] {
  return [
    ...(server.config === undefined ? [] : [`--defaults-file=${server.config}`]), // the server takes it only as the first
    ...server.additional,
    `--datadir=${server.dataDirectory}`,
    `--socket=${server.socket}`,
    `--pid-file=${server.pidFile}`,
    ...(server.errorLog === undefined ? [] : [`--log-error=${server.errorLog}`]),
    `--user=${server.user}`,
    ...(flavour === 'mariadb' ? [rememberEvents(server.events)] : []),
    ...CLOSED_START[flavour],
  ]
}

/** A server that cannot read its configuration says so itself, in its log. */
async function wantsEvents(server: Launch, deadline: Deadline): Promise<boolean> {
  try {
    return (await readServerDefaults(server, deadline)).events
  } catch (error) {
    if (error instanceof Failure && error.kind === 'rejected') return false
    throw error
  }
}

async function programFlavour(binary: string, deadline: Deadline): Promise<FlavourName> {
  const { exitCode, stdout, stderr } = await command(binary, ['--no-defaults', '--version'], { deadline })
  if (exitCode !== 0) throw new Failure('rejected', `${binary} --version failed: ${stderr.trim()}`)
  return stdout.includes('MariaDB') ? 'mariadb' : 'mysql'
}

/**
 * Make what the server cannot make itself once it has become an ordinary user; what is there stays as it is. But not the pid
 * file of an earlier server: one that belongs to somebody else would keep this server from starting.
 */
async function prepareFiles(server: Launch, deadline: Deadline): Promise<void> {
  rmSync(server.pidFile, { force: true })
  const owner = ['-o', server.user, '-g', server.group]
  const log = outputFile(server)
  for (const directory of new Set([server.socket, server.pidFile, log].map(dirname))) {
    if (!existsSync(directory)) await install([...owner, '-m', '0755', '-d', directory], deadline)
  }
  if (!existsSync(log)) await install([...owner, '-m', '0640', '/dev/null', log], deadline)
}

async function install(args: readonly string[], deadline: Deadline): Promise<void> {
  const { exitCode, stderr } = await command('install', args, { deadline })
  if (exitCode !== 0) throw new Failure('rejected', `install ${args.join(' ')}: ${stderr.trim()}`)
}

function outputFile({ errorLog, dataDirectory }: Launch): string {
  return errorLog ?? `${dataDirectory}/mysqld.err`
}
