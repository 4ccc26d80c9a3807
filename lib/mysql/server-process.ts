import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'

/** One process, told apart from a later one with the same number by its start time. */
export interface ServerProcess {
  readonly pid: number
  /** Clock ticks since boot, field 22 of /proc/PID/stat. */
  readonly startTime: string
}

export interface ServerPlace {
  readonly pidFile: string
  readonly dataDirectory: string
}

export interface Launch extends ServerPlace {
  readonly binary: string
  readonly config: string
  readonly socket: string
  readonly errorLog: string
  readonly user: string
  readonly group: string
  /** The user's own arguments, after ours. */
  readonly additional: readonly string[]
}

const unfinished = () => new Failure('unreachable', 'unfinished')

export async function findServer(_place: ServerPlace): Promise<ServerProcess | undefined> {
  throw unfinished()
}
export async function launchServer(_launch: Launch, _deadline: Deadline): Promise<ServerProcess> {
  throw unfinished()
}
/** Nothing happens when the process is gone already. */
export async function signalServer(_process: ServerProcess, _signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  throw unfinished()
}
/** False when it still lives at the deadline. */
export async function awaitExit(_process: ServerProcess, _deadline: Deadline): Promise<boolean> {
  throw unfinished()
}
