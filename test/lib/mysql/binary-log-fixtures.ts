import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bytes } from '../../../lib/mysql/binary-log-events.ts'
import type { FlavourName } from '../../../lib/mysql/server-facts.ts'

const DIRECTORY: Record<FlavourName, string> = {
  mysql: join(import.meta.dirname, 'fixtures/binary-logs/mysql-9.7'),
  mariadb: join(import.meta.dirname, 'fixtures/binary-logs/mariadb-10.11'),
}

/** The logs of a fixture that SHOW BINLOG EVENTS was asked for; see its README. */
export const LISTED_LOGS = [
  'mysql-bin.000001',
  'mysql-bin.000002',
  'mysql-bin.000003',
  'mysql-bin.000004',
  'no-checksum',
]

export const FLAVOURS: readonly FlavourName[] = ['mysql', 'mariadb']

export class BufferBytes implements Bytes {
  readonly #buffer: Buffer

  constructor(buffer: Buffer) {
    this.#buffer = buffer
  }

  get size(): number {
    return this.#buffer.length
  }

  read(position: number, length: number): Buffer {
    return this.#buffer.subarray(position, position + length)
  }
}

export function fixturePath(flavour: FlavourName, file: string): string {
  return join(DIRECTORY[flavour], file)
}

export function fixture(flavour: FlavourName, file: string): Buffer {
  return readFileSync(fixturePath(flavour, file))
}

/** The executed set at the end of a log, as the server showed it. */
export function executedAfter(flavour: FlavourName, file: string): string {
  const sets = JSON.parse(fixture(flavour, 'executed.json').toString()) as Record<string, string>
  return sets[file] ?? ''
}

export interface ListedEvent {
  readonly position: number
  readonly size: number
  /** The transaction that begins here. */
  readonly gtid: string | undefined
}

const GTID_INFO = /GTID (\d+-\d+-\d+)|^SET @@SESSION.GTID_NEXT= '(\S+:\S+)'/

/** SHOW BINLOG EVENTS of a log, without what MySQL lists of the inside of a compressed transaction: no bytes of the file. */
export function listedEvents(flavour: FlavourName, log: string): ListedEvent[] {
  const lines = fixture(flavour, 'events.tsv').toString().trimEnd().split('\n')
  const rows = lines.map(line => line.split('\t')).filter(([of]) => of === log)
  const events = rows.map(([, position, , end, info = '']) => {
    const [, mariadbGtid, mysqlGtid] = GTID_INFO.exec(info) ?? []
    return { position: Number(position), size: Number(end) - Number(position), gtid: mariadbGtid ?? mysqlGtid }
  })
  return events.filter(({ size }) => size > 0)
}
