import { basename } from 'node:path'
import { compareCoordinates } from './coordinates.ts'
import type { Coordinates } from './server-facts.ts'

const LAST_BINLOG_FILE = /InnoDB: Last binlog file '([^'\n]+)', position (\d+)/g

/**
 * How far in its own binary log MariaDB's InnoDB had committed before a crash, as it says in the error log when it starts
 * after one; undefined where it says nothing. The last such line counts.
 */
export function committedTo(errorLog: string): Coordinates | undefined {
  const [, file, position] = [...errorLog.matchAll(LAST_BINLOG_FILE)].at(-1) ?? []
  return file === undefined ? undefined : { file: basename(file), position: Number(position) }
}

/**
 * Whether the engine had committed transactions that the cut took out of the log. MariaDB's GTID state comes from the log
 * alone: it would hide that their changes are still in the tables. Such a server must be built anew from the source.
 */
export function committedBehindCut({ file, position }: Coordinates, committed: Coordinates): boolean {
  const stands = compareCoordinates(committed, { file: basename(file), position })
  return stands !== 'equal' && stands !== 'behind'
}
