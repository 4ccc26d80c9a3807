import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../../lib/system/failure.ts'
import { tethered } from './enter.ts'
import type { Lab } from './lab.ts'
import { WRITER_VIP } from './network-plan.ts'
import { CLIENT } from './rack-plan.ts'
import { type Attempt, parseRecord } from './write-record.ts'

const PROGRAM = join(import.meta.dirname, 'client.ts')

export interface WriteLoadOptions {
  /** The file that gets a line for every attempt. */
  readonly record: string
  /** Where to write to. Default: the writer's address. */
  readonly host?: string
  /** Default 4. */
  readonly writers?: number
  /** Ends by itself after this time. Default 600. */
  readonly seconds?: number
  /** Attempts per second of all writers together. Default 400. */
  readonly rate?: number
  /** Whether transactions of several rows, large ones and sessions idle in a transaction are among them. Default false. */
  readonly mixed?: boolean
}

/** Clients that write to the cluster, in a process of their own on the lab's network. */
export class WriteLoad {
  readonly #record: string
  readonly #client: ChildProcess
  readonly #ended: Promise<unknown[]>

  private constructor(record: string, client: ChildProcess, ended: Promise<unknown[]>) {
    this.#record = record
    this.#client = client
    this.#ended = ended
  }

  /** Returns when the first writes are on their way. Throws when the client cannot start. */
  static async start(lab: Lab, options: WriteLoadOptions): Promise<WriteLoad> {
    const { record, host = WRITER_VIP, writers = 4, seconds = 600, rate = 400, mixed = false } = options
    const settings = { host, record, writers, seconds, rate }
    const words = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
    if (mixed) words.push('--mixed')
    const [file = '', ...args] = tethered(await lab.enter(CLIENT, [process.execPath, PROGRAM, ...words]))
    const client = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(client, 'exit')
    await Promise.race([once(client.stdout, 'data'), ended])
    if (client.exitCode !== null) throw new Failure('rejected', `the write client ended with ${client.exitCode}`)
    return new WriteLoad(record, client, ended)
  }

  /** Every attempt that has ended so far. */
  async attempts(): Promise<Attempt[]> {
    return parseRecord(await readFile(this.#record, 'utf8'))
  }

  /** Let every writer end its attempt; answers all attempts. Throws when the client ended in another way. */
  async stop(): Promise<Attempt[]> {
    this.#client.kill('SIGTERM')
    const [exitCode, signal] = await this.#ended
    if (exitCode !== 0) throw new Failure('rejected', `the write client ended with ${exitCode ?? signal}`)
    return await this.attempts()
  }
}
