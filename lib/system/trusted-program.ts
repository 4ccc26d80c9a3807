import { realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileFacts } from './file-facts.ts'

/**
 * Why root had better not run this file: everyone who may change it, or a directory on its way, would be root. The end of a
 * sentence that begins with what names the file, with the remedy; undefined where nothing is wrong. Symbolic links are followed,
 * and both ways count.
 */
export async function distrust(path: string): Promise<string | undefined> {
  const target = await realpath(path).catch(() => undefined)
  const file = target === undefined ? undefined : await fileFacts(target)
  if (target === undefined || file?.kind !== 'file') return `${path} is not a file: create it, or correct the path`
  if (!file.executable) return `${path} is not executable: chmod 755 ${path}`
  for (const place of new Set([target, ...directoriesOf(target), ...directoriesOf(path)])) {
    const facts = await fileFacts(place)
    if (facts === undefined || facts.uid !== 0) return `${place} does not belong to root: chown root ${place}`
    if ((facts.mode & 0o022) !== 0) return `${place} can be written by others than root: chmod go-w ${place}`
  }
  return undefined
}

function directoriesOf(path: string): readonly string[] {
  const directory = dirname(path)
  return directory === path ? [] : [directory, ...directoriesOf(directory)]
}
