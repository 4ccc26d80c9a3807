import { readdirSync, readFileSync, readlinkSync, type Stats, statSync } from 'node:fs'
import { kill } from 'node:process'
import type { Deadline } from './deadline.ts'
import { Failure } from './failure.ts'

// Everything here reads /proc synchronously: the kernel answers from memory. Not /proc/PID/cmdline, which waits for a hung
// process (proc(5); the kernel takes the process's memory lock for it).

/** One process, told apart from a later one with the same number by its start time. */
export interface ProcessId {
  readonly pid: number
  /** Clock ticks between boot and start: field 22 of /proc/PID/stat. */
  readonly startTime: string
}

/** The numbers of all processes that this one can see. */
export function allPids(): number[] {
  return readdirSync('/proc').filter(isNumber).map(Number)
}

/** The process that has this number now; undefined when none has, or when nothing is left of it but its exit status. */
export function findProcess(pid: number): ProcessId | undefined {
  const stat = readStat(`/proc/${pid}`)
  return stat === undefined || liveTask(pid) === undefined ? undefined : { pid, startTime: stat.startTime }
}

/** The process that asks. */
export function thisProcess(): ProcessId | undefined {
  return findProcess(Number(readlinkSync('/proc/self')))
}

/** The program that the process that asks runs, as a path: to start it once more. A newer one may have taken its place. */
export const thisProgram = (): string => withoutNote(readlinkSync('/proc/self/exe'))

/** What the kernel adds to the path of a file or directory that is gone. */
const withoutNote = (path: string) => path.replace(/ \(deleted\)$/, '')

/** Whether any thread of this process is left: a killed process frees its files and memory thread by thread. */
export function lives({ pid, startTime }: ProcessId): boolean {
  return findProcess(pid)?.startTime === startTime
}

/** The program that the process runs, as a path; its short name where the path is gone, or not for this process to see. */
export function program(pid: number): string | undefined {
  const path = attempt(() => withoutNote(readlinkSync(`/proc/${pid}/exe`)), [...GONE, ...HIDDEN])
  return path ?? attempt(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trimEnd())
}

/**
 * The process's working directory: its path as it was, and what is there, which may be in another mount namespace, or
 * behind a file system that does not answer any more. Throws Failure `denied` where it is not for this process to see.
 */
export function workingDirectory(
  pid: number,
): { readonly path: string; readonly stats: Stats | undefined } | undefined {
  const task = liveTask(pid)
  return task === undefined
    ? undefined
    : attempt(() => ({
        path: withoutNote(readlinkSync(`${task}/cwd`)),
        stats: statOrNothing(`${task}/cwd`),
      }))
}

/** Whether a process sees the same ones as this one: one in a container sees others, and most often files of its own too. */
export function seesSameProcesses(pid: number): boolean {
  const task = liveTask(pid)
  return task !== undefined && attempt(() => readlinkSync(`${task}/ns/pid`)) === readlinkSync('/proc/self/ns/pid')
}

/** What is at a path; undefined when nothing is, and when its file system is lost. */
export function statOrNothing(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

/** Send a signal, unless the process is gone. Throws Failure `denied` where this user may not. */
export function signal(process: ProcessId, name: 'SIGTERM' | 'SIGKILL'): void {
  if (lives(process)) attempt(() => kill(process.pid, name))
}

/** Wait until the process is gone; false when it still lives at the deadline. */
export async function awaitEnd(process: ProcessId, deadline: Deadline): Promise<boolean> {
  return (await deadline.poll(10, async () => !lives(process) || undefined)) ?? false
}

interface Stat {
  readonly state: string
  readonly startTime: string
}

function readStat(directory: string): Stat | undefined {
  return attempt(() => {
    const text = readFileSync(`${directory}/stat`, 'utf8')
    // The second field is the program's name in parentheses, and may hold any character.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', startTime: fields[19] ?? '' }
  })
}

/** The directory of one thread that has not ended; a process whose first thread has ended may still run others. */
function liveTask(pid: number): string | undefined {
  const tasks = attempt(() => readdirSync(`/proc/${pid}/task`)) ?? []
  return tasks
    .map(task => `/proc/${pid}/task/${task}`)
    .find(directory => !['Z', 'X', undefined].includes(readStat(directory)?.state))
}

const isNumber = (name: string) => /^\d+$/.test(name)

/** What a process shows can vanish between two looks, together with the process. */
const GONE = ['ENOENT', 'ESRCH']
/** The links in /proc are for those who may trace the process. */
const HIDDEN = ['EACCES', 'EPERM']

function attempt<T>(look: () => T, unseen: readonly string[] = GONE): T | undefined {
  try {
    return look()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (unseen.includes(String(code))) return undefined
    throw HIDDEN.includes(String(code)) ? new Failure('denied', message, { cause: error }) : error
  }
}
