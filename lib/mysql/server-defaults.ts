import { extname } from 'node:path'
import { command } from '../system/command.ts'
import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import type { Launch } from './launch-server.ts'

/** Where a server that is not running would keep its files, by its program, its option files and its arguments. */
export interface ServerDefaults {
  /** The index of its binary logs, relative names from the data directory; undefined where that cannot be told. */
  readonly logIndex: string | undefined
  /** Its error log; undefined where it would write to its standard error. */
  readonly errorLog: string | undefined
  /** Whether it would run events. */
  readonly events: boolean
}

type Question = Pick<Launch, 'binary' | 'config' | 'dataDirectory' | 'user' | 'additional'>

/**
 * Ask the program itself (mysqld --verbose --help), which reads its option files as it will when it starts.
 * Throws Failure `rejected` when it cannot read them.
 */
export async function readServerDefaults(question: Question, deadline: Deadline): Promise<ServerDefaults> {
  return parseServerDefaults(await readServerHelp(question, deadline))
}

/** The text that the program answers with: a table of all its variables at its end. Throws as readServerDefaults() does. */
export async function readServerHelp(question: Question, deadline: Deadline): Promise<string> {
  const { binary, config, dataDirectory, user, additional } = question
  const args = [
    ...(config === undefined ? [] : [`--defaults-file=${config}`]),
    ...additional,
    `--datadir=${dataDirectory}`,
    `--user=${user}`,
    '--verbose',
    '--help',
  ]
  const { exitCode, stdout, stderr } = await command(binary, args, { deadline })
  if (exitCode === 0) return stdout
  const said = stderr.trim().split('\n').at(-1) ?? ''
  throw new Failure('rejected', `${binary} cannot read its configuration: ${said}`)
}

/** What that table says of a variable, by its name with dashes; undefined where it has no value. */
export function serverVariable(help: string, name: string): string | undefined {
  const text = new RegExp(`^${name}[ \\t]+(\\S.*)$`, 'm').exec(help)?.[1]?.trim()
  return text === undefined || text.startsWith('(No default') ? undefined : text
}

/** The table of variables: a name, blanks, and a value or "(No default value)". */
export function parseServerDefaults(help: string): ServerDefaults {
  const base = binaryLogBase(help)
  const errorLog = serverVariable(help, 'log-error')
  return {
    logIndex: serverVariable(help, 'log-bin-index') ?? (base === undefined ? undefined : `${base}.index`),
    errorLog: errorLog === 'stderr' ? undefined : errorLog,
    events: serverVariable(help, 'event-scheduler') === 'ON',
  }
}

/** What the names of its binary logs begin with; undefined where it would write none. */
export function binaryLogBase(help: string): string | undefined {
  const log = serverVariable(help, 'log-bin')
  return log === undefined || log === 'FALSE' ? undefined : log.slice(0, log.length - extname(log).length)
}
