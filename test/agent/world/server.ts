import type { Transaction } from './transaction.ts'

/** A connection of a replica's receiver to its source. */
interface Stream {
  readonly to: string
  /** Which run of the source's process it belongs to. */
  readonly run: number
  /** It was asked for when the receiver connected, and stays so as long as the connection. */
  readonly acknowledges: boolean
}

/** One mysqld: its process, and what is on its disk. */
export interface Server {
  process: 'stopped' | 'serving' | 'hung'
  /** Counts its starts. */
  run: number
  /** It did not end in good order. */
  crashed: boolean
  /** The binary log, on disk. */
  log: Transaction[]
  /** How many transactions at the beginning of the log the engine has committed. Those behind wait for their acknowledgements. */
  committed: number
  /** How many transactions at the beginning of the log are in no log file any more. */
  purged: number
  /** Where the log file begins that is written to since the start: what is before it has been committed by a recovery. */
  fileStart: number
  /** Transactions whose clients still wait for an answer. */
  clients: Set<Transaction>
  /** Received and not applied; on disk, but perhaps only in the page cache. */
  relay: Transaction[]
  /** It waits for its disk at each commit. */
  commitsSynced: boolean
  /** How many transactions at the end of the log are in the page cache alone. */
  unsynced: number
  /** MariaDB does not know after a start what is in its relay log. */
  relayForgotten: boolean
  /** Whom it replicates from, running or not. */
  source: string | undefined
  receiver: boolean
  receiverError: string | undefined
  applier: boolean
  stream: Stream | undefined
  writable: boolean
  sourceEnabled: boolean
  replicaEnabled: boolean
  acks: number
  /** How much of the log each replica has acknowledged in this run. */
  acknowledgedBy: Map<string, number>
  acknowledged: number
  /** Its engine has committed what was cut from its log. */
  tainted: boolean
}

/** A server that was installed with this history and never ran. */
export const installed = (log: readonly Transaction[]): Server => ({
  process: 'stopped',
  run: 0,
  crashed: false,
  log: [...log],
  committed: log.length,
  purged: 0,
  fileStart: log.length,
  clients: new Set(),
  relay: [],
  commitsSynced: true,
  unsynced: 0,
  relayForgotten: false,
  source: undefined,
  receiver: false,
  receiverError: undefined,
  applier: false,
  stream: undefined,
  writable: false,
  sourceEnabled: false,
  replicaEnabled: false,
  acks: 1,
  acknowledgedBy: new Map(),
  acknowledged: 0,
  tainted: false,
})

/** What the server holds: in its log or its relay log. */
export const held = (server: Server): readonly Transaction[] => [...server.log, ...server.relay]

/** So many transactions at the end of the log are gone, and what is left is on disk. */
export function loseEnd(server: Server, lost: number): void {
  server.log.length -= lost
  server.unsynced = 0
  server.committed = Math.min(server.committed, server.log.length)
  server.purged = Math.min(server.purged, server.log.length)
}

/** Launched by the agent: read-only, without replication, and with all that is in its log committed by the recovery. */
export function launch(server: Server, forgetsRelayLog: boolean): void {
  server.process = 'serving'
  server.run++
  server.crashed = true // until it ends in good order
  server.committed = server.log.length
  server.fileStart = server.log.length
  server.relayForgotten = forgetsRelayLog && server.relay.length > 0
  server.acknowledgedBy.clear()
  server.acknowledged = 0
  server.acks = 1
}

/** The process is gone, from one moment to the next. Clients that wait never learn what became of their commits. */
export function kill(server: Server): void {
  server.process = 'stopped'
  server.clients.clear()
  server.writable = false
  server.sourceEnabled = false
  server.replicaEnabled = false
  stopReceiver(server)
  server.receiverError = undefined
  server.applier = false
}

export function stopReceiver(server: Server): void {
  server.receiver = false
  server.stream = undefined
}

/** Change whom it replicates from: the relay log is deleted. */
export function pointAt(server: Server, source: string | undefined): void {
  stopReceiver(server)
  server.applier = false
  server.source = source
  server.unsynced = 0 // what it applies is not lost here
  deleteRelayLog(server)
}

export function deleteRelayLog(server: Server): void {
  server.relay = []
  server.relayForgotten = false
}

/** Execute the first received transaction. It waits like a client's where the source side is on. */
export function applyOne(server: Server): boolean {
  const next = server.relay.shift()
  if (next === undefined) return false
  server.log.push(next)
  if (server.relay.length === 0) server.relayForgotten = false
  return true
}
