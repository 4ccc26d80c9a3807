import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import type { Bytes } from './binary-log-events.ts'
import type { BinaryLog } from './tail-reading.ts'

/** Where a server keeps its binary logs: its log_bin_index, and its datadir, which relative names start from. */
export interface LogPlace {
  readonly indexFile: string
  readonly dataDirectory: string
}

/** A file is read in pieces of this many bytes, however large it or an event in it is. */
const CHUNK = 256 * 1024

/**
 * The binary logs of a server that is not running, oldest first. No file is opened before it is read.
 * Throws Failure `unintelligible` when there is no index; reading a log throws the same when the file is missing, and
 * `timed-out` once the deadline has passed.
 */
export function binaryLogs({ indexFile, dataDirectory }: LogPlace, deadline: Deadline): readonly BinaryLog[] {
  const path = resolve(dataDirectory, indexFile)
  const index = orFailure(path, () => readFileSync(path, 'utf8'))
  const names = index.split('\n').filter(line => line !== '')
  return names.map(name => {
    const file = resolve(dataDirectory, name)
    return { file, bytes: new FileBytes(file, deadline) }
  })
}

/**
 * Whether there is neither an index of binary logs nor any log beside where it would be: the server has not written one yet,
 * as with data that were just put there.
 */
export function isWithoutLogs({ indexFile, dataDirectory }: LogPlace): boolean {
  const path = resolve(dataDirectory, indexFile)
  return !existsSync(path) && !(existsSync(dirname(path)) && readdirSync(dirname(path)).some(name => LOG.test(name)))
}

const LOG = /\.\d{6,}$/

class FileBytes implements Bytes {
  readonly #file: string
  readonly #deadline: Deadline
  #size: number | undefined
  #chunk: Buffer = Buffer.alloc(0)
  #chunkStart = 0

  constructor(file: string, deadline: Deadline) {
    this.#file = file
    this.#deadline = deadline
  }

  get size(): number {
    this.#size ??= orFailure(this.#file, () => statSync(this.#file).size)
    return this.#size
  }

  read(position: number, length: number): Buffer {
    const buffered = position >= this.#chunkStart && position + length <= this.#chunkStart + this.#chunk.length
    if (!buffered) this.#load(position, Math.max(length, CHUNK))
    return this.#chunk.subarray(position - this.#chunkStart, position - this.#chunkStart + length)
  }

  #load(position: number, length: number): void {
    if (this.#deadline.expired) throw new Failure('timed-out', `${this.#file}: not read to its end in time`)
    this.#chunk = orFailure(this.#file, () => readPiece(this.#file, position, Math.min(length, this.size - position)))
    this.#chunkStart = position
  }
}

/** The bytes from this position on; fewer than asked for only where the file ends. */
function readPiece(file: string, position: number, length: number): Buffer {
  const piece = Buffer.alloc(Math.max(0, length))
  const descriptor = openSync(file, 'r')
  try {
    let filled = 0
    while (filled < piece.length) {
      const count = readSync(descriptor, piece, filled, piece.length - filled, position + filled)
      if (count === 0) break
      filled += count
    }
    return piece.subarray(0, filled)
  } finally {
    closeSync(descriptor)
  }
}

function orFailure<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new Failure('unintelligible', `${file}: no such file`, { cause: error })
    throw new Failure('rejected', `${file}: ${message}`, { cause: error })
  }
}
