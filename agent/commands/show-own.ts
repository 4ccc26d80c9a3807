import { basename } from 'node:path'
import { changesIn, describeLog, LOG_READER, timeIn } from '../../lib/mysql/binary-log-text.ts'
import { type FoundTransaction, stretches } from '../../lib/mysql/find-transactions.ts'
import { gtidSet, isEmpty } from '../../lib/mysql/gtid-set.ts'
import { describeGtidSet } from '../../lib/mysql/gtid-text.ts'
import type { Deadline } from '../../lib/system/deadline.ts'
import type { OwnTransactions } from './own-transactions.ts'

/** So many transactions are shown in full, each with so many lines; `--save` has all of it. */
const SHOWN_TRANSACTIONS = 20
const SHOWN_LINES = 40
/** A larger one is only named. */
const SHOWN_BYTES = 2 ** 20

/** What only this node holds, for people: its transactions with their tables and the rows before and after. */
export async function describeOwn(own: OwnTransactions, deadline: Deadline): Promise<string> {
  const { node, source, flavour, set, found, quarantine } = own
  const reason = quarantine === undefined ? `${node} is not in quarantine.` : `${node} is in quarantine: ${quarantine}`
  if (isEmpty(set)) return `${reason}\n\nIts GTIDs show nothing that ${source.node} lacks.\n`
  const bytes = found.reduce((sum, { start, end }) => sum + end - start, 0)
  const total = `${node} holds transactions that ${source.node} lacks: ${describeGtidSet(flavour, set)}`
  const place =
    found.length === 0
      ? 'None of them stands in its binary logs: they were received and not executed, or the logs were purged.'
      : `In its binary logs: ${found.length}, ${bytes} bytes.`
  const shown = found.slice(0, SHOWN_TRANSACTIONS)
  const parts: string[] = []
  for (const transaction of shown) parts.push(await describeOne(transaction, own, deadline))
  const rest = found.length > shown.length ? [`… and ${found.length - shown.length} more`] : []
  return `${[reason, `${total}\n${place}`, ...parts, ...rest].join('\n\n')}\n`
}

async function describeOne(
  transaction: FoundTransaction,
  { flavour }: OwnTransactions,
  deadline: Deadline,
): Promise<string> {
  const { gtid, file, start, end } = transaction
  const name = describeGtidSet(flavour, gtidSet([[gtid.key, [gtid.number, gtid.number]]]))
  const place = `${basename(file)}:${start}, ${end - start} bytes`
  if (end - start > SHOWN_BYTES) return `${name} (${place}): too large to be shown`
  const text = await describeLog(LOG_READER[flavour], transaction, 'for people', deadline)
  const changes = changesIn(text)
  const time = timeIn(text)
  const lines = changes.slice(0, SHOWN_LINES).map(line => `  ${line}`)
  const rest = changes.length > SHOWN_LINES ? [`  … ${changes.length - SHOWN_LINES} lines more`] : []
  return [`${name} (${place}${time === undefined ? '' : `, ${time}`})`, ...lines, ...rest].join('\n')
}

/** Write all of it into a file that exists, as statements that a server can execute, with the rows as comments. */
export async function writeOwn({ flavour, found }: OwnTransactions, file: string, deadline: Deadline): Promise<void> {
  for (const part of stretches(found)) await describeLog(LOG_READER[flavour], part, 'for servers', deadline, file)
}
