import { readFile } from 'node:fs/promises'
import type { Deadline } from '../system/deadline.ts'
import type { Connection } from './connection.ts'
import type { Flavour } from './flavour.ts'
import { findServer } from './server-process.ts'

const OPTION = '--event-scheduler='

/**
 * The argument that remembers whether the server's own configuration has events run. The one that keeps them from running
 * comes behind it, so that it changes nothing; while the server runs its command line tells, whatever its files say by then.
 */
export function rememberEvents(events: boolean): string {
  return `${OPTION}${events ? 'ON' : 'OFF'}`
}

/** Whether the server would run events if it had not been started without. */
export function remembersEvents(commandLine: readonly string[]): boolean {
  return commandLine.filter(word => word.startsWith(OPTION)).at(-2) === `${OPTION}ON`
}

/**
 * Run events on MariaDB if its configuration had it so when this program started it. MySQL's scheduler needs no telling: it
 * stops where it may not write, and goes on when writes are open.
 * Throws Failure `rejected` where the scheduler cannot be started, as behind an upgrade without its last step.
 */
export async function startEvents(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<void> {
  if (flavour.name === 'mysql') return
  const [place] = await connection.query('SELECT @@pid_file AS pid_file, @@datadir AS data_directory', deadline)
  const server = await findServer({
    pidFile: place?.['pid_file'] ?? '',
    dataDirectory: place?.['data_directory'] ?? '',
  })
  if (server === undefined || !remembersEvents(await commandLine(server.pid))) return
  await connection.query('SET GLOBAL event_scheduler = ON', deadline)
}

/**
 * Let no event begin. MariaDB runs them under the account that made them, which its gate does not hold where it has
 * READ ONLY ADMIN. Those under way are sessions like any other.
 */
export async function stopEvents(connection: Connection, flavour: Flavour, deadline: Deadline): Promise<void> {
  if (flavour.name === 'mysql') return
  const [row] = await connection.query('SELECT @@event_scheduler AS scheduler', deadline)
  if (row?.['scheduler'] === 'ON') await connection.query('SET GLOBAL event_scheduler = OFF', deadline)
}

/** The kernel may keep this waiting for a process that hangs: only for a server that has just answered. */
async function commandLine(pid: number): Promise<string[]> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0')
}
