import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import type { Connection } from './connection.ts'
import type { FlavourName } from './server-facts.ts'

export interface Flavour {
  readonly name: FlavourName
  readonly version: string
}

export async function detectFlavour(_connection: Connection, _deadline: Deadline): Promise<Flavour> {
  throw new Failure('unreachable', 'unfinished')
}
