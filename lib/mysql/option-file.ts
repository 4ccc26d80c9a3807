import { constants, open } from 'node:fs/promises'
import { Failure } from '../system/failure.ts'
import type { Account } from './connection.ts'
import { parseOptionFile } from './option-syntax.ts'

/**
 * The account in one section of a file of secrets, which has the form of a server's option file; undefined when it has no
 * such section. A password may be absent where the server knows its user by the socket.
 * Throws Failure `misconfigured` for a file that is missing, that belongs or is open to anybody but root, that cannot be
 * understood, or whose section names no user.
 */
export async function readAccount(path: string, section: 'agent' | 'replication'): Promise<Account | undefined> {
  const options = parseOptionFile(path, await readSecret(path)).get(section)
  if (options === undefined) return undefined
  const user = options.get('user')
  const password = options.get('password')
  if (user === undefined) throw misconfigured(path, `its section [${section}] has no user: add a line user=…`)
  return password === undefined ? { user } : { user, password }
}

/** Look at the very file that is read, not at one that had its name a moment before. */
async function readSecret(path: string): Promise<string> {
  // What is no file must not keep an action waiting, as a pipe does until somebody writes.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(cause => {
    throw misconfigured(path, 'it cannot be opened: create it, or correct the parameter credentials', cause)
  })
  try {
    const stats = await file.stat()
    if (!stats.isFile()) throw misconfigured(path, 'it is a directory, a pipe or a device: name a file')
    const { uid, mode } = stats
    if (uid !== 0) throw misconfigured(path, `it belongs to user ${uid}: make it root's with chown`)
    if ((mode & 0o077) !== 0) throw misconfigured(path, 'others than root may use it: make its mode 0600 with chmod')
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

function misconfigured(path: string, problem: string, cause?: unknown): Failure {
  return new Failure('misconfigured', `${path} is no file of secrets: ${problem}`, { cause })
}
