import { appendFileSync } from 'node:fs'

/** How much a line matters; `trace` is written only where it was asked for. */
export type Level = 'error' | 'warning' | 'info' | 'trace'

/** Who writes, and where to. */
export interface LogOptions {
  /** What to name as the writer of a line, e.g. heir(db). */
  readonly writer: string
  readonly node: string
  readonly pid: number
  /** The cluster's log file; undefined, or not writable: the lines go to `fallback`. */
  readonly file: string | undefined
  /** File for the lines of the level trace; undefined leaves them out. */
  readonly traceFile: string | undefined
  readonly fallback: (line: string) => void
}

/** Writes one line an entry, in the form of the cluster's own log so that both can be read and sorted together. */
export class Log {
  readonly #options: LogOptions

  constructor(options: LogOptions) {
    this.#options = options
  }

  error(text: string): void {
    this.#write('error', text)
  }

  warning(text: string): void {
    this.#write('warning', text)
  }

  info(text: string): void {
    this.#write('info', text)
  }

  /** The fine detail: commands and statements, secrets already taken out. */
  trace(text: string): void {
    if (this.#options.traceFile !== undefined) this.#write('trace', text)
  }

  #write(level: Level, text: string): void {
    const { writer, node, pid, file, traceFile, fallback } = this.#options
    const oneLine = text.replaceAll(/\s*\n\s*/g, ' ')
    const line = `${timestamp(new Date())} ${node} ${writer} [${pid}] ${level}: ${oneLine}`
    if (traceFile !== undefined) append(traceFile, line)
    if (level === 'trace') return
    if (file === undefined || !append(file, line)) fallback(`${level}: ${oneLine}`)
  }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** Local time as Pacemaker's log has it: "Nov 21 01:18:25.123". */
function timestamp(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  return `${MONTHS[date.getMonth()]} ${two(date.getDate())} ${time}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

/** Whether the line could be appended. A log that cannot be written must never stop a failover. */
function append(file: string, line: string): boolean {
  try {
    appendFileSync(file, `${line}\n`, { mode: 0o600 })
    return true
  } catch {
    return false
  }
}
