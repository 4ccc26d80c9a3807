import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

async function filesOf(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
}

/** A hash over the names and contents of files, and of all files within directories. */
async function fingerprint(inputs: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  const files = (await Promise.all(inputs.map(filesOf))).flat().sort()
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(await readFile(file))
      .update('\0')
  return hash.digest('hex')
}

/** The file that says of what a product was made. */
export const recordOf = (product: string) => `${product}.inputs`

/** Make `product` anew unless it is there and was made from these very inputs. Answers whether it was made. */
export async function makeWhenChanged(
  product: string,
  inputs: readonly string[],
  make: () => Promise<void>,
): Promise<boolean> {
  const record = recordOf(product)
  const current = await fingerprint(inputs)
  if (existsSync(product) && existsSync(record) && (await readFile(record, 'utf8')) === current) return false
  await make()
  await writeFile(record, current)
  return true
}
