import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import type { Connection } from './connection.ts'
import type { Flavour } from './flavour.ts'

const unfinished = () => new Failure('unreachable', 'unfinished')

export async function openWrites(_c: Connection, _f: Flavour, _d: Deadline): Promise<void> {
  throw unfinished()
}
export async function closeWrites(_c: Connection, _f: Flavour, _d: Deadline): Promise<void> {
  throw unfinished()
}
export async function cutClients(_c: Connection, _f: Flavour, _d: Deadline): Promise<void> {
  throw unfinished()
}
