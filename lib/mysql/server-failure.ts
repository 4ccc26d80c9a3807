import { Failure, type FailureKind } from '../system/failure.ts'

/** Server errors that are more than a statement gone wrong (MySQL Server Error Message Reference). */
const KIND_BY_CODE: Readonly<Record<number, FailureKind>> = {
  1040: 'crowded', // too many connections
  1203: 'crowded', // max_user_connections
  1226: 'crowded', // a resource limit of the account
  1044: 'denied', // no access to the database
  1045: 'denied', // wrong password
  1095: 'denied', // not the owner of the session to kill
  1130: 'denied', // the account may not log in from this host
  1142: 'denied', // no privilege on the table
  1227: 'denied', // a global privilege is missing
  1698: 'denied', // wrong operating-system user for the socket
  3118: 'denied', // account locked
  1053: 'unreachable', // shutdown in progress
}

const KIND_BY_NAME: Readonly<Record<string, FailureKind>> = {
  EAGAIN: 'timed-out', // the backlog is full: nobody accepts
  ETIMEDOUT: 'timed-out',
  EACCES: 'denied',
  AUTH_SWITCH_PLUGIN_ERROR: 'denied',
  HANDSHAKE_SSL_ERROR: 'rejected',
  HANDSHAKE_NO_SSL_SUPPORT: 'rejected',
}

/** What the errors of sockets say to people: Node.js has only its own names for them. */
const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such socket',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection lost',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ETIMEDOUT: 'no answer',
  ENOTFOUND: 'no host is known by this name',
  EAI_AGAIN: 'the name of the host cannot be looked up now',
}

/** What tells the driver's errors apart: the server's number, positive, and a name. */
interface Report {
  readonly errno?: number
  readonly code?: string
}

/**
 * The Failure for what the driver reports; what is no report of a server or a socket is a bug, and stays as it is. The driver's own error is left behind: it carries the whole statement, and
 * a statement may carry a password.
 */
export function failureOf(place: string, error: Error & Report): Error {
  const { errno, code, message } = error
  if (errno !== undefined && errno > 0) {
    return new Failure(KIND_BY_CODE[errno] ?? 'rejected', `${place}: ${withoutStatement(message)} (${errno})`, {
      code: errno,
    })
  }
  return code === undefined
    ? error
    : new Failure(KIND_BY_NAME[code] ?? 'unreachable', `${place}: ${WORDS[code] ?? message}`)
}

/** A syntax error quotes the rest of the statement. */
function withoutStatement(message: string): string {
  return message.replace(/ near '.*' at line \d+$/s, '')
}
