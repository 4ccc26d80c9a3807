import type { Deadline } from '../system/deadline.ts'
import type { Connection } from './connection.ts'
import { type Flavour, formerName, todaysName } from './flavour.ts'

/** What the server says of semi-synchronous replication, and under which names. */
export interface SemiSyncStatus {
  /** Status values by today's name in lower case; empty where nothing is loaded. */
  readonly values: ReadonlyMap<string, string>
  /** The server's own name for one of today's variables. */
  readonly variable: (todays: string) => string
}

/** Ask which of the two vocabularies is loaded, if any: MySQL has a plugin for each, and an administrator may load either. */
export async function readSemiSyncStatus(
  connection: Connection,
  flavour: Flavour,
  deadline: Deadline,
): Promise<SemiSyncStatus> {
  const rows = await connection.query(
    `SELECT LOWER(VARIABLE_NAME) AS name, VARIABLE_VALUE AS value FROM ${flavour.statusSchema}.global_status ` +
      "WHERE VARIABLE_NAME LIKE 'rpl\\_semi\\_sync\\_%'",
    deadline,
  )
  const values = new Map(rows.map(({ name, value }) => [todaysName(name ?? ''), value ?? '']))
  const isFormer = rows.some(({ name }) => name != null && todaysName(name) !== name)
  return { values, variable: isFormer ? formerName : todays => todays }
}
