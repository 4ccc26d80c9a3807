import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Write a file, for its owner alone, so that it is there as a whole or not at all, and outlives a loss of power from here on. */
export async function writeDurable(path: string, text: string): Promise<void> {
  const next = `${path}.next`
  await rm(next, { force: true })
  {
    await using file = await open(next, 'wx', 0o600)
    await file.writeFile(text)
    await file.sync()
  }
  await rename(next, path)
  await syncDirectory(dirname(path))
}

/** Let the names in a directory outlive a loss of power. */
export async function syncDirectory(path: string): Promise<void> {
  await using directory = await open(path, 'r')
  await directory.sync()
}
