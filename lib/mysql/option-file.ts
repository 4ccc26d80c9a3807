import { Failure } from '../system/failure.ts'
import type { Account } from './connection.ts'

export async function readAccount(_path: string, _section: 'agent' | 'replication'): Promise<Account> {
  throw new Failure('misconfigured', 'unfinished')
}
