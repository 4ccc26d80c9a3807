import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Deadline } from '../system/deadline.ts'
import { syncDirectory } from '../system/durable-file.ts'
import { Failure } from '../system/failure.ts'
import { binaryLogs } from './binary-log-files.ts'
import type { Connection } from './connection.ts'

/**
 * Have on disk what this server has committed, also what it wrote while it was told not to wait for the disk. Only where it
 * waits now (`commitsSynced`): the engines flush their logs as they are told to.
 *
 * The binary logs are synchronized from outside: FLUSH BINARY LOGS would wait behind commits that wait for an
 * acknowledgement, with every look at the end of the log behind it. Throws Failure, `timed-out` between two files.
 */
export async function syncCommits(connection: Connection, deadline: Deadline): Promise<void> {
  await connection.query('FLUSH NO_WRITE_TO_BINLOG ENGINE LOGS', deadline)
  const [row] = await connection.query('SELECT @@log_bin_index AS log_index, @@datadir AS directory', deadline)
  if (!row?.['log_index'] || !row['directory']) throw new Failure('misconfigured', 'mysqld writes no binary log')
  const logs = binaryLogs({ indexFile: row['log_index'], dataDirectory: row['directory'] }, deadline)
  for (const { file } of logs) await syncFile(file, deadline)
  for (const directory of new Set(logs.map(({ file }) => dirname(file)))) await syncDirectory(directory)
}

async function syncFile(path: string, deadline: Deadline): Promise<void> {
  if (deadline.expired) throw new Failure('timed-out', `${path}: not on disk in time`)
  try {
    await using file = await open(path, 'r')
    await file.sync()
  } catch (error) {
    throw new Failure('rejected', `${path}: ${(error as Error).message}`, { cause: error })
  }
}
