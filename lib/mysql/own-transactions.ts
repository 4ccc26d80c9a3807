import { type GtidSet, subtract } from './gtid-set.ts'
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

/** Those of a set that this server wrote itself. */
export function ownTransactions(writer: Omit<Writer, 'executed'>, set: GtidSet): GtidSet {
  return new Map([...set].filter(([key]) => isOwn(writer, key)))
}

/** Keys are `uuid` or `uuid:tag`, and `domain-server`. */
function isOwn({ flavour, serverId, serverUuid }: Omit<Writer, 'executed'>, key: string): boolean {
  if (flavour === 'mariadb') return key.split('-')[1] === String(serverId)
  return key.split(':')[0] === serverUuid?.toLowerCase()
}
