import type { Writable } from 'node:stream'
import type { OpenLog } from './command-session.ts'

/** What a command has of the process that runs it. */
export interface Surroundings {
  readonly openLog: OpenLog
  /** Somebody watches: a line may be written over. */
  readonly terminal: boolean
  /** Write to standard output before the command has ended. */
  readonly write: (text: string) => void
  /** Standard output, for a command whose output is no text. */
  readonly output: Writable
}
