import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'

/** A file as stat(2) shows it, symbolic links followed. */
export interface FileFacts {
  readonly kind: 'file' | 'directory' | 'other'
  readonly uid: number
  readonly gid: number
  /** The permission bits alone: 0o600. */
  readonly mode: number
  /** May be executed by this process. */
  readonly executable: boolean
}

/** Look at a file; undefined when there is none, or none that this process can reach. */
export async function fileFacts(path: string): Promise<FileFacts | undefined> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return undefined
  const executable = await access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
  const kind = found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other'
  return { kind, uid: found.uid, gid: found.gid, mode: found.mode & 0o7777, executable }
}
