import { chown, copyFile, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { command } from '../system/command.ts'
import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import { fileFacts } from '../system/file-facts.ts'
import { MARKER, removeMarker, type SeedMarker, writeMarker } from './marker.ts'
import { STAGING, stagingOf } from './staging.ts'

/** What is replaced: the data directory, and the logs of the old data, which may stand elsewhere, by the base of their names. */
export interface Replaced {
  readonly dataDirectory: string
  readonly binaryLogBase: string
  readonly relayLogBase: string
}

/** Belongs to the node and not to its data: certificates, persisted variables, error logs, and what the file system keeps. */
const KEPT = /\.pem$|^mysqld-auto\.cnf$|\.err$|^lost\+found$/

/** What a server makes beside a log: its files by number, their index, MariaDB's state of it. */
const LOG_FILE = /^\.(?:\d{6,}|index|state|index_crash_safe|~rec~|\d{6,}\.idx)$/

/**
 * Put the new data, which are whole, in the place of the old. Can be cut short anywhere and be called again with the marker
 * that it left; the marker is gone when all is in place and on disk.
 */
export async function replaceData(replaced: Replaced, marker: SeedMarker, deadline: Deadline): Promise<void> {
  const { dataDirectory } = replaced
  if (marker.phase !== 'moving') {
    await sync(dataDirectory, deadline)
    await writeMarker(dataDirectory, { ...marker, phase: 'removing', intact: false })
    await removeOld(replaced)
    await writeMarker(dataDirectory, { ...marker, phase: 'moving', intact: false })
  }
  await moveUp(dataDirectory)
  await placeState(replaced)
  await rm(stagingOf(dataDirectory).directory, { recursive: true, force: true })
  await sync(dataDirectory, deadline)
  await removeMarker(dataDirectory)
}

/** Delete the old data and their logs; what is being made stays. */
export async function removeOld({ dataDirectory, binaryLogBase, relayLogBase }: Replaced): Promise<void> {
  for (const name of await readdir(dataDirectory)) {
    if (isOurs(name) || KEPT.test(name)) continue
    await rm(join(dataDirectory, name), { recursive: true, force: true })
  }
  for (const base of [binaryLogBase, relayLogBase]) await removeLogs(resolve(dataDirectory, base))
}

/** The names of what a data directory holds of a server; none in one that is empty. */
export async function contentOf(dataDirectory: string): Promise<readonly string[]> {
  return (await readdir(dataDirectory)).filter(name => !isOurs(name) && !KEPT.test(name))
}

const isOurs = (name: string) => name === STAGING || name.startsWith(MARKER)

async function removeLogs(base: string): Promise<void> {
  const names = await readdir(dirname(base)).catch(() => [])
  const own = names.filter(name => name.startsWith(basename(base)) && LOG_FILE.test(name.slice(basename(base).length)))
  for (const name of own) await rm(join(dirname(base), name), { force: true })
}

async function moveUp(dataDirectory: string): Promise<void> {
  const { data } = stagingOf(dataDirectory)
  const names = await readdir(data).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [] // an earlier call moved all
    throw error
  })
  for (const name of names) await rename(join(data, name), join(dataDirectory, name))
}

/** It goes where the binary logs will be, which need not be in the data directory. */
async function placeState({ dataDirectory, binaryLogBase }: Replaced): Promise<void> {
  const { state } = stagingOf(dataDirectory)
  if ((await fileFacts(state)) === undefined) return
  const place = `${resolve(dataDirectory, binaryLogBase)}.state`
  const { uid, gid } = await stat(dataDirectory)
  await copyFile(state, place)
  await chown(place, uid, gid)
}

/** Bring everything in that file system to its disk: thousands of files, in one go. */
async function sync(path: string, deadline: Deadline): Promise<void> {
  const { exitCode, stderr } = await command('sync', ['--file-system', path], { deadline })
  if (exitCode !== 0) throw new Failure('rejected', `sync ${path}: ${stderr.trim()}`)
}
