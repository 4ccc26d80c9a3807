import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { Deadline } from './deadline.ts'
import { Failure } from './failure.ts'

/** How a program ended, and what it printed. */
export interface CommandResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** How long a program may take, and what it is given. */
export interface CommandOptions {
  readonly deadline: Deadline
  /** Text for the command's standard input: the place for anything secret, never the arguments. */
  readonly input?: string
  /** A file that gets what the command prints, at its end; the answer's `stdout` is empty then. Its mode is the caller's business. */
  readonly appendTo?: string
  /** Variables of this program's environment that the command must not see. */
  readonly unset?: readonly string[]
}

/**
 * Run a program with its arguments as they are (no shell) and wait for its end.
 * A non-zero exit is an answer, not an error: the caller judges it.
 * Throws Failure `not-installed` when there is no such program, `timed-out` when the deadline passes (the program is killed).
 */
export async function command(file: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  // execa costs more to load than mysqld takes to answer; most actions run no command at all.
  const { execa } = await import('execa')
  const timeout = Math.max(1, Math.ceil(options.deadline.remainingMs))
  const result = await execa(file, args, {
    reject: false,
    timeout,
    killSignal: 'SIGKILL',
    input: options.input ?? '',
    ...(options.appendTo !== undefined && { stdout: { file: options.appendTo, append: true } }),
    env: inheritedEnvironment(options),
  })
  if (result.timedOut) throw new Failure('timed-out', `${file}: no answer within ${timeout} ms`, { cause: result })
  if (result.code === 'ENOENT') throw new Failure('not-installed', `${file}: no such program`, { cause: result })
  if (result.exitCode === undefined) {
    throw new Failure('rejected', `${file}: ended by ${result.signal ?? result.code ?? 'an unknown cause'}`, {
      cause: result,
    })
  }
  return { exitCode: result.exitCode, stdout: result.stdout ?? '', stderr: result.stderr }
}

const inheritedEnvironment = ({ unset = [] }: CommandOptions) => ({
  LC_ALL: 'C',
  ...Object.fromEntries(unset.map(name => [name, undefined])),
})

/** A running program at whose ends data are read and written while it runs. */
export interface Conduit {
  readonly input: Writable
  readonly output: Readable
  /** How it ended, with the end of what it complained about. */
  readonly ended: Promise<{ readonly exitCode: number | undefined; readonly complaint: string }>
  /** End it at once; nothing happens when it has ended. */
  kill(): void
}

/** A program's complaints may be a line for each file it copies; the reason stands at the end. */
const COMPLAINT_CHARACTERS = 4000

/**
 * Start a program that data flow through. It ends with this one at the latest when it next reads or writes.
 * Throws Failure `not-installed` when there is no such program.
 */
export async function conduit(file: string, args: readonly string[]): Promise<Conduit> {
  const { spawn } = await import('node:child_process')
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.on('error', () => child.stdin.destroy()) // how it ended says more than that it reads no more
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-COMPLAINT_CHARACTERS)
  })
  const ended = new Promise<{ exitCode: number | undefined; complaint: string }>(resolve => {
    child.once('close', code => resolve({ exitCode: code ?? undefined, complaint: complaint.trim() }))
  })
  try {
    await once(child, 'spawn')
  } catch (cause) {
    throw new Failure('not-installed', `${file}: cannot be started`, { cause })
  }
  return { input: child.stdin, output: child.stdout, ended, kill: () => child.kill('SIGKILL') }
}

/** With what a program begins that outlives this one. */
export interface LaunchOptions {
  /** The working directory of the new process. */
  readonly directory: string
  /** The file that gets what it prints, at its end. It must exist: who owns it is the caller's business. */
  readonly output: string
}

/** A launched program sees the same environment whoever starts it, and nothing of what this program was told in its own. */
const LAUNCH_ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }

/**
 * Start a program that outlives this one: a session of its own, none of this program's files open in it.
 * Answers its process id once it runs. Throws Failure `not-installed` when there is no such program.
 */
export async function launch(file: string, args: readonly string[], options: LaunchOptions): Promise<number> {
  const { spawn } = await import('node:child_process')
  const output = openSync(options.output, 'a')
  try {
    const child = spawn(file, args, {
      cwd: options.directory,
      detached: true,
      stdio: ['ignore', output, output],
      env: LAUNCH_ENVIRONMENT,
    })
    await once(child, 'spawn')
    child.unref()
    if (child.pid !== undefined) return child.pid
  } catch (cause) {
    throw new Failure('not-installed', `${file}: cannot be started`, { cause })
  } finally {
    closeSync(output)
  }
  throw new Failure('rejected', `${file}: started without a process id`)
}

/** So much is kept of what a foreign program prints, of each output, in characters; the rest is read and forgotten. */
const KEPT_CHARACTERS = 100_000
/** What it printed last may be on its way when it has ended. */
const LATE_MS = 200

/**
 * Run somebody else's program until it ends; what it has left behind with its output open is not waited for. It sees these
 * variables and a search path, and has nothing to read. Throws Failure `not-installed` when there is no such program, and
 * `rejected` when a signal ended it, as at the deadline.
 */
export async function runForeign(
  file: string,
  args: readonly string[],
  {
    deadline,
    environment,
  }: Pick<CommandOptions, 'deadline'> & { readonly environment: Readonly<Record<string, string>> },
): Promise<CommandResult> {
  const { spawn } = await import('node:child_process')
  const env = { ...LAUNCH_ENVIRONMENT, ...environment }
  const bound = { timeout: Math.max(1, Math.ceil(deadline.remainingMs)), killSignal: 'SIGKILL' } as const
  const child = spawn(file, args, { ...bound, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr] = [beginningOf(child.stdout), beginningOf(child.stderr)]
  const silence = once(child, 'close').catch(() => undefined)
  const [exitCode, signal] = await once(child, 'exit').catch(cause => {
    throw new Failure('not-installed', `${file}: cannot be started`, { cause })
  })
  await Promise.race([silence, delay(LATE_MS)])
  for (const output of [child.stdout, child.stderr]) output.destroy()
  if (exitCode === null) throw new Failure('rejected', `${file}: ended by ${signal}`)
  return { exitCode, stdout: stdout(), stderr: stderr() }
}

function beginningOf(output: Readable): () => string {
  let text = ''
  output.setEncoding('utf8').on('data', (more: string) => {
    if (text.length < KEPT_CHARACTERS) text += more
  })
  return () => text.slice(0, KEPT_CHARACTERS)
}
