import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../system/failure.ts'
import type { ProcessId } from '../system/process-table.ts'

/**
 * How far the replacement of a data directory has come. receiving: the new data are not whole. removing: they are, and what was
 * there before is being deleted. moving: the new data are on the way to their place.
 */
export type SeedPhase = 'receiving' | 'removing' | 'moving'

/** What stands beside the data from before the first change until after the last one. */
export interface SeedMarker {
  readonly phase: SeedPhase
  /** The node that the data come from. */
  readonly donor: string
  /** The data that were there before are whole: the seed can still be given up. */
  readonly intact: boolean
  /** Nobody has asked for it by hand, so nobody will ask again. */
  readonly automatic: boolean
  /** Who is at work; of an earlier boot, or dead, it was interrupted. */
  readonly worker: ProcessId & { readonly boot: string }
}

/** Name of the file in the data directory. */
export const MARKER = '.heir-seed.json'

/** The marker of a data directory; undefined where there is none. What cannot be understood counts as the beginning. */
export async function readMarker(dataDirectory: string): Promise<SeedMarker | undefined> {
  const text = await readFile(join(dataDirectory, MARKER), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw new Failure('rejected', `${join(dataDirectory, MARKER)}: ${error.message}`, { cause: error })
  })
  return text === undefined ? undefined : parse(text)
}

/** Write it so that it outlives a loss of power from here on. */
export async function writeMarker(dataDirectory: string, marker: SeedMarker): Promise<void> {
  const path = join(dataDirectory, MARKER)
  const next = await open(`${path}.next`, 'w', 0o600)
  try {
    await next.writeFile(`${JSON.stringify(marker)}\n`)
    await next.sync()
  } finally {
    await next.close()
  }
  await rename(`${path}.next`, path)
  await syncDirectory(dataDirectory)
}

/** The same for its end. */
export async function removeMarker(dataDirectory: string): Promise<void> {
  await rm(join(dataDirectory, `${MARKER}.next`), { force: true })
  await rm(join(dataDirectory, MARKER), { force: true })
  await syncDirectory(dataDirectory)
}

/** Throws Failure `misconfigured` for a data directory that is only half replaced: no server may run on it. */
export async function expectWhole(dataDirectory: string): Promise<void> {
  const marker = await readMarker(dataDirectory)
  if (marker === undefined) return
  throw new Failure(
    'misconfigured',
    `${dataDirectory} is being seeded from ${marker.donor}, or was when that was interrupted: run "heir seed" on this node`,
  )
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path)
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

const UNKNOWN: SeedMarker = {
  phase: 'receiving',
  donor: 'an unknown node',
  intact: false,
  automatic: false,
  worker: { pid: 0, startTime: '', boot: '' },
}

function parse(text: string): SeedMarker {
  try {
    return { ...UNKNOWN, ...JSON.parse(text) }
  } catch {
    return UNKNOWN
  }
}
