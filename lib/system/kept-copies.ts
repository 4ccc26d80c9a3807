import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Where things are kept for good, for root alone: copies of what was taken from a server, and what has to be finished. */
export const HOME = '/var/lib/heir'

/** What all copies of one resource may take together, in bytes. */
const MOST_BYTES = 4 * 2 ** 30

const TIME = /^\d{4}-\d\d-\d\dT\d{6}\.\d{3}Z$/

/** The directory for a copy that is made now: named by its resource and its time. It is not made yet. */
export function newCopy(resource: string, home = HOME): string {
  return join(home, `${resource}-${new Date().toISOString().replaceAll(':', '')}`)
}

/** The same, made: with access for root alone. */
export async function makeCopyDirectory(resource: string, home = HOME): Promise<string> {
  const directory = newCopy(resource, home)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  return directory
}

/**
 * Delete the oldest copies of a resource until what is left takes no more than the bound; never the newest. `say` is told of
 * each, and of what keeps one from being deleted: that is no reason to fail.
 */
export async function limitCopies(
  resource: string,
  say: (line: string) => void,
  home = HOME,
  mostBytes = MOST_BYTES,
): Promise<void> {
  try {
    for (const directory of await superfluous(resource, home, mostBytes)) {
      await rm(directory, { recursive: true, force: true })
      say(`deleted ${directory}: the copies of ${resource} take too much room`)
    }
  } catch (error) {
    say(`the copies in ${home} cannot be limited: ${(error as Error).message}`)
  }
}

async function superfluous(resource: string, home: string, mostBytes: number): Promise<readonly string[]> {
  const names = await readdir(home).catch(() => [])
  const copies = names.filter(name => name.startsWith(`${resource}-`) && TIME.test(name.slice(resource.length + 1)))
  const found: string[] = []
  let total = 0
  for (const [age, name] of copies.toSorted().toReversed().entries()) {
    const directory = join(home, name)
    total += await sizeOf(directory)
    if (age > 0 && total > mostBytes) found.push(directory)
  }
  return found
}

async function sizeOf(directory: string): Promise<number> {
  const names = await readdir(directory)
  const sizes = await Promise.all(names.map(async name => (await stat(join(directory, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}
