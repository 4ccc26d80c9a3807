import { command } from './command.ts'
import type { Deadline } from './deadline.ts'

/**
 * The number of a user or group of the operating system, from wherever the system knows its accounts (nsswitch.conf);
 * undefined when there is no such account.
 * Throws Failure `timed-out` when a directory service does not answer.
 */
export async function accountId(
  database: 'passwd' | 'group',
  name: string,
  deadline: Deadline,
): Promise<number | undefined> {
  const { exitCode, stdout } = await command('getent', [database, name], { deadline })
  return exitCode === 0 ? Number(stdout.split(':')[2]) : undefined
}
