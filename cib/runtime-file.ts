import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where hints live that the next action may use and can do without. Gone with the next boot. */
const DIRECTORY = '/run/heir'

/**
 * A small file of one resource, below /run unless it is to outlive a boot. A missing or unreadable one is as good as none, and
 * nothing that safety needs depends on it.
 */
export class RuntimeFile<Content> {
  readonly path: string
  readonly #directory: string

  constructor(resource: string, kind: string, directory = DIRECTORY) {
    this.#directory = directory
    this.path = join(directory, `${resource.replaceAll(/[^\w.-]/g, '_')}.${kind}`)
  }

  /** Undefined when there is none, or it cannot be read. */
  async read(): Promise<Content | undefined> {
    try {
      return JSON.parse(await readFile(this.path, 'utf8')) as Content
    } catch {
      return undefined
    }
  }

  async write(content: Content): Promise<void> {
    await attempt(() => this.#replace(content))
  }

  async remove(): Promise<void> {
    await attempt(() => rm(this.path, { force: true }))
  }

  async #replace(content: Content): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 })
    const next = `${this.path}.next`
    await writeFile(next, JSON.stringify(content), { mode: 0o600 })
    await rename(next, this.path)
  }
}

/** A full or read-only /run costs the hint and nothing else. */
async function attempt(change: () => Promise<void>): Promise<void> {
  await change().catch(() => undefined)
}
