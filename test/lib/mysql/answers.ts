import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Connection, Row } from '../../../lib/mysql/connection.ts'

export const ENGINES = ['mariadb-10.11', 'mariadb-11.8', 'mysql-9.7'] as const
export type EngineName = (typeof ENGINES)[number]

/** Which server of a pair answered: the source, its replica, or that replica while nothing listens where it looks. */
export type Role = 'source' | 'replica' | 'connecting'

/** What real servers answered to each statement of one look at them. */
export function answers(engine: EngineName, role: Role): Map<string, Row[]> {
  const file = join(import.meta.dirname, 'fixtures/answers', `${engine}-${role}.json`)
  const said: { sql: string; rows: Row[] }[] = JSON.parse(readFileSync(file, 'utf8'))
  return new Map(said.map(({ sql, rows }) => [sql, rows]))
}

/** A session that answers from such a record, and refuses a statement that is not in it. */
export function replay(said: ReadonlyMap<string, Row[]>): Connection {
  return {
    closed: false,
    close() {},
    async query(sql) {
      const rows = said.get(sql)
      if (rows === undefined) throw new Error(`nobody recorded an answer to ${sql}`)
      return rows
    },
  }
}
