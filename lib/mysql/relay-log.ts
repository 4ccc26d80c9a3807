import { relative } from 'node:path'
import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import { readEvents } from './binary-log-events.ts'
import { binaryLogs } from './binary-log-files.ts'
import type { Connection } from './connection.ts'
import type { Flavour, RelayLogWords } from './flavour.ts'
import { type GtidSet, has } from './gtid-set.ts'
import { readReplicaStatus } from './replica-status.ts'
import type { Coordinates } from './server-facts.ts'
import type { BinaryLog } from './tail-reading.ts'

/** The relay log of a server on this machine. */
export interface RelayLog {
  /** Its files, oldest first. */
  readonly logs: readonly BinaryLog[]
  /** How many threads the server applies it with, as text. */
  readonly threads: string
  /** A file as the server's statements name it. */
  readonly nameOf: (file: string) => string
}

/**
 * Find the files of the relay log. Throws Failure `unintelligible` when they are not where the server says, and when one that
 * is read is damaged or encrypted.
 */
export async function findRelayLog(
  connection: Connection,
  flavour: Flavour,
  words: RelayLogWords,
  deadline: Deadline,
): Promise<RelayLog> {
  const status = await readReplicaStatus(connection, flavour, deadline)
  const [row] = await connection.query(words.place, deadline)
  const dataDirectory = row?.['data_directory'] ?? ''
  // It shows no index where the relay log has its default name.
  const indexFile = row?.['index_file'] || (status?.['Relay_Log_File'] ?? '').replace(/\.\d+$/, '.index')
  const nameOf = (file: string) => {
    const name = relative(dataDirectory, file)
    return name.startsWith('..') ? file : name
  }
  return { logs: binaryLogs({ indexFile, dataDirectory }, deadline), threads: row?.['threads'] ?? '0', nameOf }
}

/**
 * Where in these logs the first transaction stands that is not in the set; undefined when there is none.
 * Throws Failure `rejected` when one that is in the set comes after it: to begin there would execute that again.
 */
export function firstUnexecuted(logs: readonly BinaryLog[], executed: GtidSet): Coordinates | undefined {
  let first: Coordinates | undefined
  for (const { file, bytes } of logs) {
    for (const event of readEvents(bytes)) {
      if (event.kind !== 'gtid') continue
      const { key, number } = event.gtid
      const isExecuted = has(executed, key, number)
      if (isExecuted && first) {
        throw new Failure(
          'rejected',
          `the relay log has ${key}-${number}, which is executed, behind others that are not`,
        )
      }
      if (!isExecuted) first ??= { file, position: event.position }
    }
  }
  return first
}
