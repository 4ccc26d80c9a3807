import type { Deadline } from '../system/deadline.ts'
import type { Connection } from './connection.ts'
import { type Flavour, formerName, todaysName } from './flavour.ts'

/** Status values of the server, and which words it has for semi-synchronous replication. */
export interface Status {
  /**
   * By today's name in lower case: all of semi-synchronous replication, none where it is not loaded, and MariaDB's end of
   * the binary log.
   */
  readonly values: ReadonlyMap<string, string>
  /** The server's own name for one of today's variables. */
  readonly variable: (todays: string) => string
}

/** Ask for both vocabularies: MySQL has a plugin for each, and an administrator may load either. */
export async function readStatus(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<Status> {
  const rows = await connection.query(
    `SELECT LOWER(VARIABLE_NAME) AS name, VARIABLE_VALUE AS value FROM ${flavour.statusSchema}.global_status ` +
      "WHERE VARIABLE_NAME LIKE 'rpl\\_semi\\_sync\\_%' OR VARIABLE_NAME LIKE 'binlog\\_snapshot\\_%'",
    deadline,
  )
  const values = new Map(rows.map(({ name, value }) => [todaysName(name ?? ''), value ?? '']))
  const isFormer = rows.some(({ name }) => name != null && todaysName(name) !== name)
  return { values, variable: isFormer ? formerName : todays => todays }
}
