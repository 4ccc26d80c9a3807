import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Conduit, command, conduit } from '../system/command.ts'
import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import { backupPosition, binaryLogState } from './binary-log-state.ts'
import type { Tools } from './tools.ts'

/** How a program of the donor logs in to its server. The file has the account: a password does not stand in arguments. */
export interface LocalLogin {
  readonly optionFile: string
  readonly socket: string
}

/** Start a copy of the running server's files; they come out as a stream. */
export function startBackup(tools: Tools, { optionFile, socket }: LocalLogin): Promise<Conduit> {
  return conduit(tools.backup, [
    `--defaults-file=${optionFile}`,
    '--backup',
    '--stream=xbstream',
    '--target-dir=/tmp', // not written to: everything goes into the stream
    `--socket=${socket}`,
  ])
}

/** Start to take such a stream apart, into a directory that is there. */
export const startUnpacking = (tools: Tools, directory: string): Promise<Conduit> =>
  conduit(tools.unpack, ['--extract', `--directory=${directory}`])

/**
 * Make the copied files what they were at one moment, and write down which transactions they hold.
 * Throws Failure `rejected` with what mariadb-backup says.
 */
export async function prepareBackup(
  tools: Tools,
  directory: string,
  state: StateFile,
  deadline: Deadline,
): Promise<void> {
  const { exitCode, stderr } = await command(tools.backup, ['--prepare', `--target-dir=${directory}`], { deadline })
  if (exitCode !== 0) throw new Failure('rejected', `mariadb-backup --prepare: ${stderr.trim().split('\n').at(-1)}`)
  const position = backupPosition(await readPosition(directory))
  await writeFile(state.path, binaryLogState(state.ofDonor, position), { mode: 0o640 })
}

/** Where the state of the binary log goes, and what it was on the donor before the copy began. */
export interface StateFile {
  readonly path: string
  readonly ofDonor: string
}

/** Its name has changed with a version of MariaDB. */
const POSITION_FILES = ['mariadb_backup_binlog_info', 'xtrabackup_binlog_info']

async function readPosition(directory: string): Promise<string> {
  for (const name of POSITION_FILES) {
    const text = await readFile(join(directory, name), 'utf8').catch(() => undefined)
    if (text !== undefined) return text
  }
  return ''
}
