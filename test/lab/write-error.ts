/**
 * What became of a transaction that was not acknowledged, from the client's point of view:
 * its connection was dropped; it got none; no answer came in time; the server said that it is read-only; anything else.
 */
export type WriteErrorKind = 'dropped connection' | 'no connection' | 'timeout' | 'read-only refusal' | 'other'

const KINDS: readonly (readonly [WriteErrorKind, RegExp])[] = [
  ['no connection', /^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)\b|^\S+ 1040\b/],
  ['timeout', /^PROTOCOL_SEQUENCE_TIMEOUT\b/],
  ['read-only refusal', /^\S+ (?:1290|1836)\b/],
  [
    'dropped connection',
    /^(?:ECONNRESET|EPIPE|PROTOCOL_CONNECTION_LOST)\b|^\S+ (?:1053|1927|3032|3169|4031)\b|closed state/,
  ],
]

/** The server's or the system's name for the error, the server's number for it, and its words. */
export function writeErrorText(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const { code = cause.name, errno } = cause as NodeJS.ErrnoException
  const number = errno !== undefined && errno > 0 ? ` ${errno}` : ''
  return `${code}${number} ${cause.message}`
}

/** The kind of an error by its text in the record. */
export function writeErrorKind(text: string): WriteErrorKind {
  return KINDS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other'
}
