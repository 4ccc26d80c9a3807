import { rm } from 'node:fs/promises'
import { command } from '../system/command.ts'
import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import { endHelper } from './helper-server.ts'
import { readMarker, removeMarker, type SeedMarker, writeMarker } from './marker.ts'
import { type Replaced, removeOld, replaceData } from './replace-data.ts'
import { type Staging, stagingOf } from './staging.ts'

/** What is to become of a data directory that no server runs on. */
export interface Seed {
  readonly replaced: Replaced
  /** Whom the data belong to. */
  readonly user: string
  readonly group: string
  /** Whose work it is, and where the data come from. */
  readonly origin: Pick<SeedMarker, 'donor' | 'automatic' | 'worker'>
  /** Delete the old data before the new ones come, where the disk has no room for both. */
  readonly clearFirst: boolean
  /** Bring whole data into `staging.data`, which is not there yet. */
  readonly fetch: (staging: Staging) => Promise<void>
}

/** Say in the data directory that it is about to be seeded: from now on no server is started there before that is over. */
export async function beginSeed(dataDirectory: string, origin: Seed['origin']): Promise<void> {
  if ((await readMarker(dataDirectory)) !== undefined) return
  await writeMarker(dataDirectory, { ...origin, phase: 'receiving', intact: true })
}

/**
 * Replace the data of a stopped server. Killed anywhere, by a signal or by a loss of power, it leaves a marker on which no
 * server is started; called again it goes on where all had come, or begins anew. When it fails by itself and the old data are
 * still whole, they stay, and the marker goes.
 */
export async function seedData(seed: Seed, deadline: Deadline): Promise<void> {
  const { dataDirectory } = seed.replaced
  const left = await readMarker(dataDirectory)
  await endHelpers(dataDirectory, deadline)
  if (left !== undefined && left.phase !== 'receiving') return replaceData(seed.replaced, left, deadline)

  const intact = !seed.clearFirst && (left?.intact ?? true)
  const marker = { ...seed.origin, phase: 'receiving', intact } as const
  await writeMarker(dataDirectory, marker)
  try {
    await receive(seed, deadline)
  } catch (error) {
    if (intact) await giveUp(dataDirectory, deadline)
    throw error
  }
  await replaceData(seed.replaced, marker, deadline)
}

/** Leave a data directory as it was before a seed that had not touched the old data. */
export async function giveUp(dataDirectory: string, deadline: Deadline): Promise<void> {
  await endHelpers(dataDirectory, deadline)
  await rm(stagingOf(dataDirectory).directory, { recursive: true, force: true })
  await removeMarker(dataDirectory)
}

async function receive({ replaced, user, group, clearFirst, fetch }: Seed, deadline: Deadline): Promise<void> {
  const staging = stagingOf(replaced.dataDirectory)
  await rm(staging.directory, { recursive: true, force: true })
  if (clearFirst) await removeOld(replaced)
  await succeed('install', ['-o', user, '-g', group, '-m', '0700', '-d', staging.directory], deadline)
  await fetch(staging)
  await succeed('chown', ['--recursive', '--no-dereference', `${user}:${group}`, staging.directory], deadline)
}

async function endHelpers(dataDirectory: string, deadline: Deadline): Promise<void> {
  const { helper, data } = stagingOf(dataDirectory)
  for (const directory of [helper, data]) await endHelper(directory, 'SIGKILL', deadline)
}

async function succeed(file: string, args: readonly string[], deadline: Deadline): Promise<void> {
  const { exitCode, stderr } = await command(file, args, { deadline })
  if (exitCode !== 0) throw new Failure('rejected', `${file}: ${stderr.trim()}`)
}
