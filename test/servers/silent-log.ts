import { Log } from '../../lib/system/log.ts'

/** The log of an agent that nobody listens to. */
export const silentLog = (): Log =>
  new Log({ writer: 'heir(db)', node: 'alpha', pid: 1, file: undefined, traceFile: undefined, fallback: () => {} })
