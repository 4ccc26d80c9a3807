import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'

/** How a connection over TCP is protected. Certificates are file names. */
export interface SourceTls {
  readonly mode: 'off' | 'required' | 'verified'
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

export type Target =
  | { readonly socket: string }
  | { readonly host: string; readonly port: number; readonly tls?: SourceTls }

export interface Account {
  readonly user: string
  /** Absent where the server knows the user by the socket's peer (auth_socket, unix_socket). */
  readonly password?: string
}

/** One row as the server sent it: every value is text or null, so that no 64-bit number loses digits. */
export type Row = Readonly<Record<string, string | null>>

export interface Connection {
  /** The session's number in the server. */
  readonly id: number
  /** The account that logged in. */
  readonly user: string
  readonly closed: boolean
  query(sql: string, deadline: Deadline): Promise<Row[]>
  close(): void
}

export async function connect(_target: Target, _account: Account, _deadline: Deadline): Promise<Connection> {
  throw new Failure('unreachable', 'unfinished')
}
