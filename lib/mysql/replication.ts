import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import type { Account, Connection, SourceTls } from './connection.ts'
import type { Flavour } from './flavour.ts'
import type { GtidSet } from './gtid-set.ts'
import type { Coordinates } from './server-facts.ts'

/** Whom to follow, and from where on. */
export interface Source {
  readonly host: string
  readonly port: number
  readonly account: Account
  readonly tls: SourceTls
  readonly from: 'gtid' | Coordinates
}

const unfinished = () => new Failure('unreachable', 'unfinished')

export async function stopReceiver(_c: Connection, _f: Flavour, _d: Deadline): Promise<void> {
  throw unfinished()
}
export async function startApplier(_c: Connection, _f: Flavour, _d: Deadline): Promise<void> {
  throw unfinished()
}
export async function startReplication(_c: Connection, _f: Flavour, _d: Deadline): Promise<void> {
  throw unfinished()
}
export async function stopReplication(_c: Connection, _f: Flavour, _d: Deadline): Promise<void> {
  throw unfinished()
}
export async function forgetSource(_c: Connection, _f: Flavour, _d: Deadline): Promise<void> {
  throw unfinished()
}
export async function follow(_c: Connection, _f: Flavour, _source: Source, _d: Deadline): Promise<void> {
  throw unfinished()
}
/** `target`: a GTID set, or coordinates in the source's binary log. False when the deadline passes first. */
export async function awaitExecuted(
  _c: Connection,
  _f: Flavour,
  _target: GtidSet | Coordinates,
  _d: Deadline,
): Promise<boolean> {
  throw unfinished()
}
