import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { syncDirectory } from '../system/durable-file.ts'
import { Failure } from '../system/failure.ts'
import type { LogPlace } from './binary-log-files.ts'
import type { TailCut } from './tail.ts'

type Range = readonly [start: number, end: number]

const CHUNK = 1024 * 1024

/** The flags in the header of a log's first event, little-endian, behind the four bytes of the magic. */
const FLAGS_POSITION = 4 + 17
const IN_USE = 1

/**
 * Cut the tail off the logs of a server that is dead and cannot start. What goes is kept in `copyDirectory` as binary logs
 * that mysqlbinlog reads, for root alone. A cut that was interrupted is finished by judging and cutting again.
 * Throws Failure `rejected` when the file system refuses; the logs are then as they were, or the cut can be finished.
 */
export async function cutTail(cut: TailCut, place: LogPlace, copyDirectory: string): Promise<void> {
  for (const step of stepsToCut(cut, place, copyDirectory)) {
    try {
      await step()
    } catch (error) {
      throw new Failure('rejected', `Cutting ${cut.file} at ${cut.position}: ${(error as Error).message}`, {
        cause: error,
      })
    }
  }
}

/**
 * The steps of cutTail() in their order. Everything is on disk as a copy before anything goes; the log that becomes the last
 * one is marked as in use, without which the server would skip crash recovery, before the index ends with it.
 */
export function stepsToCut(cut: TailCut, place: LogPlace, copyDirectory: string): readonly (() => Promise<void>)[] {
  const { file, position, headEnd, laterFiles } = cut
  const copyOf = (path: string, suffix: string) => join(copyDirectory, basename(path) + suffix)
  return [
    async () => void (await mkdir(copyDirectory, { recursive: true, mode: 0o700 })),
    () =>
      copyRanges(
        file,
        [
          [0, headEnd],
          [position, Number.POSITIVE_INFINITY],
        ],
        copyOf(file, `.from-${position}`),
      ),
    ...laterFiles.map(later => () => copyRanges(later, [[0, Number.POSITIVE_INFINITY]], copyOf(later, ''))),
    () => markInUse(file),
    ...(laterFiles.length === 0 ? [] : [() => endIndexWith(file, place)]),
    () => shorten(file, position),
    ...laterFiles.map(later => () => remove(later)),
  ]
}

/** Copy parts of a file, in their order, into a new file that appears only when it is complete and on disk. */
async function copyRanges(source: string, ranges: readonly Range[], target: string): Promise<void> {
  const partial = `${target}.partial`
  await rm(partial, { force: true })
  await using from = await open(source, 'r')
  await using to = await open(partial, 'wx', 0o600)
  for (const range of ranges) await copyRange(from, range, to)
  await to.sync()
  await rename(partial, target)
  await syncDirectory(dirname(target))
}

async function copyRange(from: FileHandle, [start, end]: Range, to: FileHandle): Promise<void> {
  const chunk = Buffer.alloc(CHUNK)
  for (let at = start; at < end; ) {
    const { bytesRead } = await from.read(chunk, 0, Math.min(CHUNK, end - at), at)
    if (bytesRead === 0) return
    await to.writeFile(chunk.subarray(0, bytesRead))
    at += bytesRead
  }
}

async function markInUse(file: string): Promise<void> {
  await using handle = await open(file, 'r+')
  const flags = Buffer.alloc(1)
  await handle.read(flags, 0, 1, FLAGS_POSITION)
  await handle.write(Buffer.of(flags.readUInt8(0) | IN_USE), 0, 1, FLAGS_POSITION)
  await handle.sync()
}

/** Later logs stand at the end of the index: shortening it is one step for the file system, and keeps owner and mode. */
async function endIndexWith(file: string, { indexFile, dataDirectory }: LogPlace): Promise<void> {
  const path = resolve(dataDirectory, indexFile)
  const index = await readFile(path)
  let end = 0
  for (;;) {
    const lineEnd = index.indexOf('\n', end)
    if (lineEnd === -1) throw new Error(`${path} does not name ${file}`)
    const line = index.toString('utf8', end, lineEnd)
    end = lineEnd + 1
    if (resolve(dataDirectory, line) === file) break
  }
  await shorten(path, end)
}

async function shorten(file: string, size: number): Promise<void> {
  await using handle = await open(file, 'r+')
  await handle.truncate(size)
  await handle.sync()
  await syncDirectory(dirname(file))
}

async function remove(file: string): Promise<void> {
  await rm(file, { force: true })
  await syncDirectory(dirname(file))
}
