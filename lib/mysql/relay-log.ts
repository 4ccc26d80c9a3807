import { relative } from 'node:path'
import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import { readEvents } from './binary-log-events.ts'
import { binaryLogs } from './binary-log-files.ts'
import type { Connection } from './connection.ts'
import type { Flavour } from './flavour.ts'
import { type GtidSet, has } from './gtid-set.ts'
import { readExecuted } from './read-server.ts'
import type { Coordinates } from './server-facts.ts'
import type { BinaryLog } from './tail-reading.ts'

/**
 * Make MariaDB's applier, while both threads are stopped, begin with the first transaction in the relay log that it has not
 * executed; by itself it would delete the relay log when it starts. The server's own note of the place is as old as the last
 * orderly stop of the applier, so the files are read. Does nothing where all is executed, or where the flavour needs no help.
 * For a server on this machine. `current` is the name of the relay log as the replica status shows it.
 */
export async function aimApplier(
  connection: Connection,
  flavour: Flavour,
  current: string,
  deadline: Deadline,
): Promise<void> {
  const words = flavour.relayLog
  if (words === undefined) return
  const [row] = await connection.query(words.place, deadline)
  const dataDirectory = row?.['data_directory'] ?? ''
  // It shows no index where the relay log has its default name.
  const indexFile = row?.['index_file'] || current.replace(/\.\d+$/, '.index')
  const logs = binaryLogs({ indexFile, dataDirectory }, deadline)
  const place = firstUnexecuted(logs, await readExecuted(connection, flavour, deadline))
  if (place === undefined) return
  const file = relative(dataDirectory, place.file)
  await connection.query(words.readFrom(file.startsWith('..') ? place.file : file, place.position), deadline)
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
