/** One attempt to write one row, as the write client saw it. Times are milliseconds since 1970. */
export interface Attempt {
  /** The row's key: writer and number. */
  readonly id: string
  readonly begin: number
  readonly end: number
  /** The server that took the connection; empty when there was none. */
  readonly server: string
  /** Why the write was not acknowledged; undefined when it was. */
  readonly error: string | undefined
}

/** The line of the record file for an attempt, with its end of line. */
export function recordLine({ id, begin, end, server, error }: Attempt): string {
  return `${[id, begin, end, server, error?.replace(/\s+/g, ' ') ?? 'ok'].join('\t')}\n`
}

/** Read a record file, also while it is being written: a last line without its end is left out. */
export function parseRecord(text: string): Attempt[] {
  return text.split('\n').slice(0, -1).map(parseLine)
}

function parseLine(line: string): Attempt {
  const [id = '', begin, end, server = '', outcome] = line.split('\t')
  return { id, begin: Number(begin), end: Number(end), server, error: outcome === 'ok' ? undefined : outcome }
}
