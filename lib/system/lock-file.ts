import { readFile, stat } from 'node:fs/promises'
import { Failure } from './failure.ts'
import { findProcess } from './process-table.ts'

/** A lock that consists of a file's being there. */
export interface LockFile {
  /** Somebody works under it; or nobody does any more, and it was left behind. */
  readonly state: 'held' | 'stale'
  /** Why it counts as one or the other, with its path. */
  readonly because: string
}

/** More than this is no process id, and nothing that has to be read. */
const SHORT_BYTES = 64

/**
 * Look at a lock file; undefined where there is none. It is held from the moment it is there. It is stale when the process is
 * gone whose number is its first line, and when it is older than the bound: it may have been made without a number, which is no
 * reason to call it stale before that, and a number may be half-written until its line ends.
 * Throws Failure `rejected` where nobody can say whether it is there.
 */
export async function readLockFile(path: string, maxAgeSeconds: number): Promise<LockFile | undefined> {
  try {
    const file = await stat(path)
    const text = file.isFile() && file.size <= SHORT_BYTES ? await readFile(path, 'utf8') : ''
    const pid = /^\s*(\d{1,9})\s*\n/.exec(text)?.[1]
    if (pid !== undefined && findProcess(Number(pid)) === undefined)
      return { state: 'stale', because: `${path} was left behind by process ${pid}, which is gone: remove it` }
    const seconds = (Date.now() - file.mtimeMs) / 1000
    if (seconds > maxAgeSeconds)
      return {
        state: 'stale',
        because: `${path} is ${Math.round(seconds)} s old, of ${maxAgeSeconds} s allowed: remove it`,
      }
    return { state: 'held', because: pid === undefined ? path : `${path}, process ${pid}` }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new Failure('rejected', `${path}: ${message}`, { cause: error })
  }
}
