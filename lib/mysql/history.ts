import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import type { Connection } from './connection.ts'
import type { Flavour } from './flavour.ts'
import { type GtidSet, isEmpty } from './gtid-set.ts'
import { formatGtidSet } from './gtid-text.ts'
import { escapeText } from './literal.ts'
import { furthestPosition } from './mariadb-start.ts'

/**
 * Make the server forget its history and take this one for it. Its binary logs are deleted, its data stay as they are: whatever
 * they hold beyond this history, no server will know of. Replication must be stopped and forgotten. When this is cut short the
 * history is empty or this one, and it can be done again.
 */
export async function replaceHistory(
  connection: Connection,
  flavour: Flavour,
  history: GtidSet,
  deadline: Deadline,
): Promise<void> {
  await firstAccepted(connection, flavour.forgetHistory, deadline)
  if (isEmpty(history)) return
  for (const statement of assignments(flavour, history)) await connection.query(statement, deadline)
}

async function firstAccepted(connection: Connection, statements: readonly string[], deadline: Deadline): Promise<void> {
  const [statement, ...others] = statements
  if (statement === undefined) throw new Failure('rejected', 'the server knows no statement to forget its history')
  try {
    await connection.query(statement, deadline)
  } catch (error) {
    if (!(error instanceof Failure && error.code === SYNTAX_ERROR && others.length > 0)) throw error
    await firstAccepted(connection, others, deadline)
  }
}

const SYNTAX_ERROR = 1064

function assignments({ name }: Flavour, history: GtidSet): readonly string[] {
  const text = formatGtidSet(name, history)
  if (name === 'mysql') return [`SET GLOBAL gtid_purged = ${escapeText(text)}`]
  return [
    `SET GLOBAL gtid_binlog_state = ${escapeText(latestLast(text))}`,
    `SET GLOBAL gtid_slave_pos = ${escapeText(furthestPosition(text, ''))}`,
  ]
}

/** MariaDB takes the one that comes last for the last transaction of its domain. */
function latestLast(positions: string): string {
  const number = (position: string) => Number(position.split('-')[2])
  return positions
    .split(',')
    .toSorted((a, b) => number(a) - number(b))
    .join(',')
}
