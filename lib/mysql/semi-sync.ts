import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import type { Connection } from './connection.ts'
import type { Flavour } from './flavour.ts'

const unfinished = () => new Failure('unreachable', 'unfinished')

export async function armSource(_c: Connection, _f: Flavour, _acks: number, _d: Deadline): Promise<void> {
  throw unfinished()
}
export async function armReplica(_c: Connection, _f: Flavour, _d: Deadline): Promise<void> {
  throw unfinished()
}
export async function disarmSource(_c: Connection, _f: Flavour, _d: Deadline): Promise<void> {
  throw unfinished()
}
export async function disarmReplica(_c: Connection, _f: Flavour, _d: Deadline): Promise<void> {
  throw unfinished()
}
