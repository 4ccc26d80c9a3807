import { readFile } from 'node:fs/promises'
import { createConnection as createSocket, type Socket } from 'node:net'
import { type ConnectionOptions, createConnection, type Connection as Driver, type SslOptions } from 'mysql2'
import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import { failureOf } from './server-failure.ts'

/** How a connection over TCP is protected: not at all, encrypted, or with the server's certificate verified. Files in PEM. */
export interface SourceTls {
  readonly mode: 'off' | 'required' | 'verified'
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/** A server on this machine by its socket, or any by its host name and TCP port. */
export type Target =
  | { readonly socket: string }
  | { readonly host: string; readonly port: number; readonly tls?: SourceTls }

/** Who logs in. */
export interface Account {
  readonly user: string
  /** Absent where the server knows the user by the socket's peer (auth_socket, unix_socket). */
  readonly password?: string
}

/** One row as the server sent it: every value is text or null, so that no 64-bit number loses digits. */
export type Row = Readonly<Record<string, string | null>>

/** One session in a server. */
export interface Connection {
  /** True once the connection is closed or lost. */
  readonly closed: boolean
  /**
   * Run one statement; a statement without a result answers no rows.
   * Throws Failure by the server's error (see failureOf); `timed-out`, with the connection destroyed, when the deadline passes.
   */
  query(sql: string, deadline: Deadline): Promise<Row[]>
  /** Say goodbye, so that the server does not log an aborted connection. */
  close(): void
}

/**
 * Log in. The deadline covers the whole of it: a stopped server accepts connections in its backlog and never greets.
 * Throws Failure `unreachable`, `crowded`, `denied`, `timed-out` or, for a certificate that cannot be read, `misconfigured`.
 */
export async function connect(target: Target, account: Account, deadline: Deadline): Promise<Connection> {
  const secure = await secureOptions(target)
  const socket = openSocket(target)
  const driver = createConnection({ ...secure, ...driverOptions(target, account, socket) })
  const session = new Session(driver, socket, place(target))
  await session.bounded(deadline, 'no greeting', (resolve, reject) => {
    driver.once('connect', resolve)
    driver.once('error', reject)
  })
  return session
}

class Session implements Connection {
  readonly #driver: Driver
  readonly #socket: Socket
  readonly #place: string
  #closed = false

  constructor(driver: Driver, socket: Socket, place: string) {
    this.#driver = driver
    this.#socket = socket
    this.#place = place
    // A loss between two queries is news for the next query, not for the process.
    driver.on('error', () => {
      this.#closed = true
    })
    socket.once('close', () => {
      this.#closed = true
    })
  }

  get closed(): boolean {
    return this.#closed
  }

  query(sql: string, deadline: Deadline): Promise<Row[]> {
    if (this.#closed) return Promise.reject(new Failure('unreachable', `${this.#place}: the connection is lost`))
    return this.bounded(deadline, `no answer to ${verb(sql)}`, (resolve, reject) => {
      this.#driver.query(sql, (error, rows) => {
        if (error !== null) reject(error)
        else resolve(Array.isArray(rows) ? (rows as Row[]) : [])
      })
    })
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#driver.end()
    this.#socket.unref()
  }

  /** Settle as `start` says, or at the deadline: then the session is past use, since its answer may still come. */
  bounded<T>(
    deadline: Deadline,
    silence: string,
    start: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
  ): Promise<T> {
    const milliseconds = Math.round(deadline.remainingMs)
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#closed = true
        this.#socket.destroy()
        reject(new Failure('timed-out', `${this.#place}: ${silence} in ${milliseconds} ms`))
      }, deadline.remainingMs)
      start(
        value => {
          clearTimeout(timer)
          resolve(value)
        },
        error => {
          clearTimeout(timer)
          const failure = failureOf(this.#place, error)
          if (failure instanceof Failure && failure.kind === 'unreachable') this.#closed = true // known before the socket says so
          reject(failure)
        },
      )
    })
  }
}

function openSocket(target: Target): Socket {
  if ('socket' in target) return createSocket(target.socket)
  const socket = createSocket({ port: target.port, host: target.host, noDelay: true })
  // Node compares a certificate with this name, which it sets for host names alone; for an address it would take localhost.
  return Object.assign(socket, { _host: target.host })
}

function driverOptions(target: Target, account: Account, socket: Socket): ConnectionOptions {
  return {
    stream: socket,
    // With a stream of our own the driver needs to know only whether it may send a password in clear.
    ...('socket' in target ? { socketPath: target.socket } : { host: target.host, port: target.port }),
    user: account.user,
    password: account.password ?? '',
    flags: ['-LOCAL_FILES'],
    connectTimeout: 0,
    disableEval: true,
    typeCast: field => field.string('utf8'),
  }
}

async function secureOptions(target: Target): Promise<ConnectionOptions> {
  if ('socket' in target || target.tls === undefined || target.tls.mode === 'off') return {}
  const { mode, ca, cert, key } = target.tls
  const ssl: SslOptions = { rejectUnauthorized: mode === 'verified', verifyIdentity: mode === 'verified' }
  for (const [name, path] of Object.entries({ ca, cert, key })) {
    if (path !== undefined) Object.assign(ssl, { [name]: await readCertificate(path) })
  }
  return { ssl }
}

async function readCertificate(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new Failure('misconfigured', `${path}: cannot be read, and TLS needs it`, { cause })
  }
}

function place(target: Target): string {
  return 'socket' in target ? `mysqld on ${target.socket}` : `mysqld on ${target.host}:${target.port}`
}

/** The first words of a statement: enough to know it by, and never a password. */
function verb(sql: string): string {
  return sql.split(/\s+/, 3).join(' ')
}
