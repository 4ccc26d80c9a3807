import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Deadline } from '../system/deadline.ts'
import {
  allPids,
  awaitEnd,
  findProcess,
  type ProcessId,
  program,
  seesSameProcesses,
  signal,
  statOrNothing,
  workingDirectory,
} from '../system/process-table.ts'

/** A running mysqld or mariadbd. */
export type ServerProcess = ProcessId

/** Where a server is found: by its pid file, and for certain by its data directory. */
export interface ServerPlace {
  readonly pidFile: string
  readonly dataDirectory: string
}

/**
 * The server that runs on this data directory, by what the kernel says: the pid file is a hint of where to look first,
 * and neither its absence nor that of the program means that nothing runs.
 * A server makes its data directory its working directory before it opens anything in there.
 */
export async function findServer({ pidFile, dataDirectory }: ServerPlace): Promise<ServerProcess | undefined> {
  const noted = readPid(pidFile)
  if (noted !== undefined && isServerOn(noted, dataDirectory)) return findProcess(noted)
  const pid = allPids().find(candidate => isServerOn(candidate, dataDirectory))
  return pid === undefined ? undefined : findProcess(pid)
}

/** Nothing happens when the process is gone already. */
export async function signalServer(process: ServerProcess, name: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  signal(process, name)
}

/** Wait until nothing of the process is left; false when it still lives at the deadline. */
export function awaitExit(process: ServerProcess, deadline: Deadline): Promise<boolean> {
  return awaitEnd(process, deadline)
}

function readPid(pidFile: string): number | undefined {
  try {
    const [digits] = /^\d+/.exec(readFileSync(pidFile, 'utf8')) ?? []
    return digits === undefined ? undefined : Number(digits)
  } catch {
    return undefined // missing, or its file system is: it was only a hint
  }
}

function isServerOn(pid: number, dataDirectory: string): boolean {
  if (!/^(mysqld|mariadbd)(?!_)/.test(basename(program(pid) ?? ''))) return false
  const directory = workingDirectory(pid)
  if (directory === undefined) return false
  const wanted = statOrNothing(dataDirectory)
  if (wanted !== undefined && wanted.dev === directory.stats?.dev && wanted.ino === directory.stats.ino) return true
  // The same path is enough where the directory is gone or its file system lost. In a container it is the container's own.
  return directory.path === dataDirectory && seesSameProcesses(pid)
}
