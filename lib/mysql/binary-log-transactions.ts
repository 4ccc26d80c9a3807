import { type BinaryLogEvent, type Bytes, readEvents } from './binary-log-events.ts'
import { type Gtid, MARIADB_FLAG } from './binary-log-gtids.ts'
import type { GtidSet } from './gtid-set.ts'
import { unintelligible } from './gtid-syntax.ts'
import type { FlavourName } from './server-facts.ts'

/** What stands at the beginning of a binary log. */
export interface LogHead {
  readonly flavour: FlavourName
  /** The server did not close this log: it writes to it now, or died while it did. */
  readonly inUse: boolean
  /** The log was begun by a start of the server, not by a rotation. */
  readonly startedServer: boolean
  /** Every transaction in the logs before this one. */
  readonly history: GtidSet
  /** The position behind the head. */
  readonly end: number
}

/** One transaction in a binary log. */
export interface Transaction {
  readonly gtid: Gtid
  readonly position: number
  /** The log holds the transaction to its end. */
  readonly complete: boolean
  /** Why the server keeps what the transaction did when the log loses it; undefined when it undoes it in crash recovery. */
  readonly lasting: string | undefined
}

/** The beginning of a log. Throws Failure `unintelligible` when it lacks the list of earlier transactions. */
export function readHead(bytes: Bytes): LogHead {
  const events = readEvents(bytes)
  const [format, history] = [events.next().value, events.next().value]
  if (format?.kind !== 'format' || history?.kind !== 'history') {
    throw unintelligible('A binary log lacks the list of earlier GTIDs', history?.kind ?? 'end of file')
  }
  const { inUse, startedServer } = format
  return {
    flavour: history.flavour,
    inUse,
    startedServer,
    history: history.executed,
    end: history.position + history.size,
  }
}

/** The transactions of a log in their order. Throws Failure `unintelligible` when one has no GTID. */
export function* readTransactions(bytes: Bytes): Generator<Transaction> {
  let group: Group | undefined
  for (const event of readEvents(bytes)) {
    if (event.kind === 'anonymous')
      throw unintelligible('A binary log has transactions without GTID', `at ${event.position}`)
    if (event.kind === 'gtid') {
      if (group !== undefined) yield group.transaction
      group = new Group(event)
    } else {
      group?.add(event)
    }
  }
  if (group !== undefined) yield group.transaction
}

type GtidEvent = Extract<BinaryLogEvent, { kind: 'gtid' }>

/** The events from one GTID to the next. */
class Group {
  readonly #start: GtidEvent
  #begun: boolean
  #end: BinaryLogEvent | undefined

  constructor(start: GtidEvent) {
    this.#start = start
    // MariaDB leaves out the BEGIN of whatever is not a single statement.
    this.#begun = start.mariadbFlags !== undefined && (start.mariadbFlags & MARIADB_FLAG.standalone) === 0
  }

  add(event: BinaryLogEvent): void {
    if (event.kind === 'begin') this.#begun = true
    const ends =
      event.kind === 'commit' || event.kind === 'plain-commit' || (event.kind === 'statement' && !this.#begun)
    if (ends) this.#end ??= event
  }

  get transaction(): Transaction {
    const { gtid, position, mariadbFlags } = this.#start
    const lasting = mariadbFlags === undefined ? mysqlLasting(this.#end) : mariadbLasting(mariadbFlags)
    return { gtid, position, complete: this.#end !== undefined, lasting }
  }
}

function mysqlLasting(end: BinaryLogEvent | undefined): string | undefined {
  if (end?.kind === 'plain-commit') return 'a write to a table without transactions'
  if (end?.kind === 'statement' && !end.atomic) return 'a statement that is not atomic'
  return undefined
}

function mariadbLasting(flags: number): string | undefined {
  if (flags & (MARIADB_FLAG.preparedXa | MARIADB_FLAG.completedXa)) return 'a part of an XA transaction'
  if (flags & MARIADB_FLAG.ddl) return 'a change of a definition'
  if (!(flags & MARIADB_FLAG.transactional)) return 'a write to a table without transactions'
  return undefined
}
