import { basename } from 'node:path'
import { program } from './process-table.ts'

/** flock(1) of util-linux: Node has no call for flock(2). */
const FLOCK = 'flock'

/** A program, and the words to start it with. */
export type Start = readonly [file: string, words: readonly string[]]

/**
 * Start a program so that it holds the lock of a file for as long as it lives, without knowing of it: flock(1) takes the lock,
 * ends where somebody else has it, and becomes the program.
 */
export const holding = (lock: string, [file, words]: Start): Start => [
  FLOCK,
  ['--nonblock', '--no-fork', lock, file, ...words],
]

/** Whether a process that was started so is the program by now, or gone. */
export const hasBecomeIt = (pid: number): boolean => basename(program(pid) ?? '') !== FLOCK

/** Start a program once nobody holds the lock of a file: until then flock(1) waits in its place. */
export const onceFree = (lock: string, [file, words]: Start): Start => [FLOCK, [lock, file, ...words]]
