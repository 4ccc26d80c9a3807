import type { HeartbeatTable } from '../lib/mysql/heartbeat.ts'
import type { Reading } from './parameter-type.ts'

const NAME = /^([A-Za-z0-9_$]{1,64})\.([A-Za-z0-9_$]{1,64})$/

/** `database.table`: plain names, which need no quoting in any server. */
export function readHeartbeatTable(text: string): Reading<HeartbeatTable> {
  const [, database, table] = NAME.exec(text) ?? []
  return database === undefined || table === undefined
    ? { fault: 'is not the name of a table: write database.table, in letters, digits, "_" and "$"' }
    : { value: { database, table } }
}
