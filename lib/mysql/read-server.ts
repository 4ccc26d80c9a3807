import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import type { Connection } from './connection.ts'
import type { Flavour } from './flavour.ts'
import type { ServerFacts } from './server-facts.ts'

export async function readServer(
  _connection: Connection,
  _flavour: Flavour,
  _deadline: Deadline,
): Promise<ServerFacts> {
  throw new Failure('unreachable', 'unfinished')
}
