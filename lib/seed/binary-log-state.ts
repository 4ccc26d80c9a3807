import { Failure } from '../system/failure.ts'

/**
 * The content of the file in which a MariaDB server that has no binary logs finds their state: one transaction a line, for each
 * server its last one, and the last one of a domain behind the others. `state` is gtid_binlog_state from before the copy,
 * `position` where the copy ends, one transaction for each domain.
 *
 * Without it, what other servers had written would be missing from what this one says it executed.
 */
export function binaryLogState(state: string, position: string): string {
  const last = parts(position)
  const ends = new Set(last.map(writerOf))
  const others = parts(state).filter(gtid => !ends.has(writerOf(gtid)))
  return [...others, ...last].map(gtid => `${gtid}\n`).join('')
}

/** The position in the file that mariadb-backup leaves: log file, offset, and GTIDs, with tabs between them. */
export function backupPosition(text: string): string {
  const [, , position] = text.trim().split(/\s+/)
  return gtidPosition(position, 'the backup')
}

/** The position in what mariadb-dump --gtid writes, on a line of its own. */
export function dumpPosition(text: string): string {
  return gtidPosition(/^(?:-- )?SET GLOBAL gtid_slave_pos='([^']*)'/m.exec(text)?.[1], 'the dump')
}

function gtidPosition(text: string | undefined, what: string): string {
  if (text !== undefined && /^\d+-\d+-\d+(,\d+-\d+-\d+)*$/.test(text)) return text
  throw new Failure('unintelligible', `${what} does not say at which GTID it ends: does the donor write a binary log?`)
}

const parts = (list: string) => list.split(',').filter(gtid => gtid !== '')
const writerOf = (gtid: string) => gtid.slice(0, gtid.lastIndexOf('-'))
