import { entries, type GtidSet, type Interval, subtract } from './gtid-set.ts'
import type { ServerFacts } from './server-facts.ts'

/** A server, and what it has executed. */
export type Writer = Pick<ServerFacts, 'flavour' | 'serverId' | 'serverUuid' | 'executed'>

/**
 * The transactions that this server wrote itself, not those it replicated, beyond a history. A server that has been a
 * replica since that history was all there was, and has any, was written to, or kept what nobody else received.
 */
export function ownTransactionsBeyond(writer: Writer, history: GtidSet): GtidSet {
  return subtract(ownTransactions(writer, writer.executed), history)
}

/**
 * What this server wrote itself, as another one's set shows, and lacks: its data are older than its own writes, like those of
 * an old copy that was put back. As a replica it would skip all of this as its own, without an error. With a set of what it
 * holds for `executed`, what it has only received is not lacking.
 */
export function ownTransactionsLacked(writer: Writer, theirs: GtidSet): GtidSet {
  return subtract(ownTransactions(writer, theirs), writer.flavour === 'mariadb' ? reached(writer) : writer.executed)
}

/** Those of a set that this server wrote itself. */
export function ownTransactions(writer: Omit<Writer, 'executed'>, set: GtidSet): GtidSet {
  return new Map([...set].filter(([key]) => isOwn(writer, key)))
}

/** Keys are `uuid` or `uuid:tag`, and `domain-server`. */
function isOwn({ flavour, serverId, serverUuid }: Omit<Writer, 'executed'>, key: string): boolean {
  if (flavour === 'mariadb') return key.split('-')[1] === String(serverId)
  return key.split(':')[0] === serverUuid?.toLowerCase()
}

/**
 * How far MariaDB's data go in its own transactions. The data of a backup may come without the binary log's state: then the
 * last number of the domain stands for all before it.
 */
function reached({ executed, serverId }: Writer): GtidSet {
  const own = new Map<string, readonly Interval[]>()
  for (const [key, [, last]] of entries(executed)) {
    const name = `${key.split('-', 1)[0]}-${serverId}`
    const before = own.get(name)?.[0]?.[1] ?? 0
    own.set(name, executed.get(name) ?? [[1, Math.max(before, last)]])
  }
  return own
}
