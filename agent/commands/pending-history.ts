import { mkdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeDurable } from '../../lib/system/durable-file.ts'

/** The history that a server is about to be given, in its own words: a server that was interrupted meanwhile may have none. */
export class PendingHistory {
  readonly #path: string

  constructor(resource: string, home: string) {
    this.#path = join(home, `${resource}.history`)
  }

  /** Undefined when nothing was interrupted. */
  async read(): Promise<string | undefined> {
    try {
      return await readFile(this.#path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      return undefined
    }
  }

  async write(history: string): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 })
    await writeDurable(this.#path, history)
  }

  remove(): Promise<void> {
    return rm(this.#path, { force: true })
  }
}
