import { lstat, readdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes that root's programs may still write into the file system that holds this path. */
export async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path)
  return bavail * bsize
}

/** Bytes that the files below a directory occupy, without those whose names say so; what vanishes meanwhile does not count. */
export async function usedBytes(directory: string, leaveOut: (name: string) => boolean = () => false): Promise<number> {
  let bytes = 0
  for (const name of await readdir(directory).catch(() => [])) {
    if (leaveOut(name)) continue
    const path = join(directory, name)
    const found = await lstat(path).catch(() => undefined)
    if (found?.isDirectory()) bytes += await usedBytes(path, leaveOut)
    else bytes += (found?.blocks ?? 0) * BLOCK
  }
  return bytes
}

/** What st_blocks counts in (stat(2)), whatever the file system's own block is. */
const BLOCK = 512
