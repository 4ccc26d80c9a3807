import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isLocked, lock } from './file-lock.ts'

/** Where everything is kept that is slow to make and the same every time. */
export const CACHE = process.env['HEIR_LAB_CACHE'] ?? '/var/cache/heir-lab'

/** A directory that is made once for a recipe, and only read from then on. */
export interface Artefact {
  /** What it is, as a relative path: `tree/bookworm`. */
  readonly name: string
  /** Everything that its content depends on: another recipe makes another directory. */
  readonly recipe: readonly unknown[]
  /** How many of that name stay, the newest ones. */
  readonly keep: number
  /** Fill the empty directory. */
  readonly build: (directory: string) => Promise<void>
}

/** The artefact's directory; builds it first where no earlier run has. Builders of one artefact wait for each other. */
export async function cached(artefact: Artefact): Promise<string> {
  const family = join(CACHE, artefact.name)
  const directory = join(family, hash(artefact.recipe))
  if (existsSync(directory)) return directory
  await mkdir(family, { recursive: true })
  await using _ = await lock(family)
  if (existsSync(directory)) return directory
  const partial = join(family, 'partial')
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial)
  await artefact.build(partial)
  await rename(partial, directory)
  await removeOldest(family, artefact.keep)
  return directory
}

function hash(recipe: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12)
}

/** Running labs hold a lock on what they use: that stays until a later build. */
async function removeOldest(family: string, keep: number): Promise<void> {
  const paths = (await readdir(family)).map(entry => join(family, entry))
  const newestFirst = paths.toSorted((a, b) => statSync(b).ctimeMs - statSync(a).ctimeMs)
  for (const path of newestFirst.slice(keep)) {
    if (!(await isLocked(path))) await rm(path, { recursive: true, force: true })
  }
}
