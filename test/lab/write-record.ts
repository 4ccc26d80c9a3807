/** One attempt at one transaction, as the write client saw it. Times are milliseconds since 1970. */
export interface Attempt {
  /** The key of its first row: writer and number. */
  readonly id: string
  /** How many rows it writes, with successive numbers. A server holds all of them or none. */
  readonly rows: number
  readonly begin: number
  /** When the commit was sent, or the statement that commits by itself; undefined when the transaction failed before. */
  readonly sent: number | undefined
  readonly end: number
  /** The server that took the connection; empty when there was none. */
  readonly server: string
  /** Why the transaction was not acknowledged; undefined when it was. */
  readonly error: string | undefined
}

/** The keys of all rows of a transaction. */
export function rowIds({ id, rows }: Pick<Attempt, 'id' | 'rows'>): string[] {
  const colon = id.lastIndexOf(':') + 1
  const first = Number(id.slice(colon))
  return Array.from({ length: rows }, (_, index) => `${id.slice(0, colon)}${first + index}`)
}

/** The line of the record file for an attempt, with its end of line. */
export function recordLine({ id, rows, begin, sent, end, server, error }: Attempt): string {
  return `${[id, rows, begin, sent ?? '-', end, server, error?.replace(/\s+/g, ' ') ?? 'ok'].join('\t')}\n`
}

/** Read a record file, also while it is being written: a last line without its end is left out. */
export function parseRecord(text: string): Attempt[] {
  return text.split('\n').slice(0, -1).map(parseLine)
}

function parseLine(line: string): Attempt {
  const [id = '', rows, begin, sent, end, server = '', outcome] = line.split('\t')
  return {
    id,
    rows: Number(rows),
    begin: Number(begin),
    sent: sent === '-' ? undefined : Number(sent),
    end: Number(end),
    server,
    error: outcome === 'ok' ? undefined : outcome,
  }
}
