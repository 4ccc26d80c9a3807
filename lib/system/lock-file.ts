import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { Failure } from './failure.ts'
import { remoteFileSystem } from './mounts.ts'
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
 * reason to call it stale before that, and a number may be half-written until its line ends. On a file system of another machine
 * it is not looked at: one that does not answer would hold up this process, and its end.
 * Throws Failure `rejected` where nobody can say whether it is there.
 */
export async function readLockFile(
  path: string,
  maxAgeSeconds: number,
  mounts?: string,
): Promise<LockFile | undefined> {
  const remote = remoteFileSystem(path, mounts)
  if (remote !== undefined)
    return {
      state: 'stale',
      because: `${path} is on ${remote}, which may not answer: name a file on a local file system`,
    }
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK) // a pipe would wait for its other end
    const facts = await file.stat()
    const text = facts.isFile() ? await beginningOf(file) : ''
    const pid = /^\s*(\d{1,9})\s*\n/.exec(text)?.[1]
    if (pid !== undefined && findProcess(Number(pid)) === undefined)
      return { state: 'stale', because: `${path} was left behind by process ${pid}, which is gone: remove it` }
    const seconds = (Date.now() - facts.mtimeMs) / 1000
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

/** The text of a short file; nothing of a longer one. */
async function beginningOf(file: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(SHORT_BYTES + 1), 0, SHORT_BYTES + 1, 0)
  return bytesRead > SHORT_BYTES ? '' : buffer.toString('utf8', 0, bytesRead)
}
