import { PassThrough } from 'node:stream'
import type { Surroundings } from '../../../agent/commands/surroundings.ts'
import { Log } from '../../../lib/system/log.ts'

/** A command that nobody watches, and whose log goes nowhere. */
export const UNWATCHED: Surroundings = {
  openLog: () =>
    new Log({ writer: '', node: '', pid: 0, file: undefined, traceFile: undefined, fallback: () => undefined }),
  terminal: false,
  write: () => undefined,
  output: new PassThrough(),
}
