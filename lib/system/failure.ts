/**
 * What went wrong, in kinds that call for different reactions. `lib` knows these kinds and no exit codes;
 * the agent maps each kind to one.
 */
export type FailureKind =
  | 'timed-out' // the deadline passed before an answer came
  | 'unreachable' // nothing listens: no socket, connection refused, connection lost
  | 'crowded' // the server lives, but has no connection left (1040)
  | 'denied' // the account may not log in, or may not do this
  | 'rejected' // the server or command answered with an error
  | 'unintelligible' // the answer, file or attribute cannot be understood
  | 'not-installed' // a program or plugin is missing
  | 'misconfigured' // a parameter or configuration file says something impossible

/** A failure of the world around the program: expected to happen, caught once at the top, never a bug. */
export class Failure extends Error {
  readonly kind: FailureKind
  /** The server's error number, where a server answered. */
  readonly code: number | undefined

  /** `message` is one sentence that names the thing and what happened to it: "mysqld on /run/x.sock: no greeting in 2 s". */
  constructor(kind: FailureKind, message: string, options: { readonly cause?: unknown; readonly code?: number } = {}) {
    super(message, { cause: options.cause })
    this.name = 'Failure'
    this.kind = kind
    this.code = options.code
  }
}
