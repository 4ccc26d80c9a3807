import { readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileFacts } from './file-facts.ts'

/**
 * Why root had better not run this file: everyone who may change it, or a directory on its way, would be root. The end of a
 * sentence that begins with what names the file, with the remedy; undefined where nothing is wrong. Symbolic links are followed,
 * and every directory counts that one of them leads through.
 */
export async function distrust(path: string): Promise<string | undefined> {
  const places = await placesOn(path)
  const target = places[0]
  const file = target === undefined ? undefined : await fileFacts(target)
  if (target === undefined || file?.kind !== 'file') return `${path} is not a file: create it, or correct the path`
  if (!file.executable) return `${path} is not executable: chmod 755 ${path}`
  for (const place of places) {
    const facts = await fileFacts(place)
    if (facts === undefined || facts.uid !== 0) return `${place} does not belong to root: chown root ${place}`
    if ((facts.mode & 0o022) !== 0) return `${place} can be written by others than root: chmod go-w ${place}`
  }
  return undefined
}

/** As the kernel has it (path_resolution(7)). */
const MOST_LINKS = 40

/** What an absolute path names in the end, and before it, the nearest first, what is passed on the way; nothing for a ring of links. */
async function placesOn(path: string): Promise<readonly string[]> {
  const passed = ['/']
  let words = wordsOf(path)
  for (let links = 0; links <= MOST_LINKS; ) {
    const [word, ...rest] = words
    if (word === undefined) return [...new Set(passed.toReversed())]
    const next = join(passed.at(-1) ?? '/', word)
    const target = await readlink(next).catch(() => undefined)
    words = target === undefined ? rest : [...wordsOf(target), ...rest]
    if (target === undefined) passed.push(next)
    else links++
    if (target?.startsWith('/')) passed.push('/')
  }
  return []
}

const wordsOf = (path: string): readonly string[] => path.split('/').filter(Boolean)
