import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { Failure } from '../../lib/system/failure.ts'
import { tethered } from './enter.ts'
import type { Lab } from './lab.ts'
import { CLIENT } from './rack-plan.ts'

const PROGRAM = join(import.meta.dirname, 'session.ts')

/** A client that is connected, and says nothing until it is asked. */
export class IdleSession implements AsyncDisposable {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>
  readonly #lines: AsyncIterator<string>

  private constructor(process: ChildProcessByStdio<Writable, Readable, null>) {
    this.#process = process
    this.#lines = createInterface(process.stdout)[Symbol.asyncIterator]()
  }

  /** Returns when it is connected to the address. */
  static async open(lab: Lab, address: string): Promise<IdleSession> {
    const [file = '', ...args] = tethered(await lab.enter(CLIENT, [process.execPath, PROGRAM, address]))
    const session = new IdleSession(spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] }))
    await session.#answer()
    return session
  }

  /** Its server and its number there: the same as long as the connection is. Throws Failure `unreachable` when that is no more. */
  async ask(): Promise<string> {
    this.#process.stdin.write('\n')
    return await this.#answer()
  }

  async #answer(): Promise<string> {
    const { value, done } = await this.#lines.next()
    if (done) throw new Failure('unreachable', 'the connection has ended')
    return value
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    this.#process.kill('SIGKILL')
    await once(this.#process, 'exit')
  }
}
