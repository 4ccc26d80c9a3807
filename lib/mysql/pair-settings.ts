import type { Deadline } from '../system/deadline.ts'
import type { Connection } from './connection.ts'
import type { Flavour } from './flavour.ts'

/** The settings that keep apart what two servers write which replicate from each other. */
export interface PairSettings {
  /** auto_increment_increment and auto_increment_offset: keys that the server makes by itself. */
  readonly increment: number
  readonly offset: number
  /** gtid_domain_id: the row of numbers of its transactions; undefined on MySQL, which has one for each server. */
  readonly domain: number | undefined
}

/** Ask a server for them. Needs no privilege. */
export async function readPairSettings(
  connection: Connection,
  flavour: Flavour,
  deadline: Deadline,
): Promise<PairSettings> {
  const domain = flavour.name === 'mariadb' ? '@@GLOBAL.gtid_domain_id' : 'NULL'
  const [row] = await connection.query(
    `SELECT @@GLOBAL.auto_increment_increment AS step, @@GLOBAL.auto_increment_offset AS first, ${domain} AS own_domain`,
    deadline,
  )
  return {
    increment: Number(row?.['step']),
    offset: Number(row?.['first']),
    domain: row?.['own_domain'] == null ? undefined : Number(row['own_domain']),
  }
}
