import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { Failure } from '../../lib/system/failure.ts'
import { layCable, plug, removeCable, unplug } from './network.ts'
import { pidHere } from './process-id.ts'
import type { MachinePlan, RackPlan } from './rack-plan.ts'

const FIRST_PROCESS = join(import.meta.dirname, 'first-process.sh')

/**
 * A machine that was reset is busy with itself before it boots. Here it would be back before the others have noted its death,
 * and a Pacemaker that hears of its own fencing ends for good.
 */
const FIRMWARE_SECONDS = 5

const NAMESPACES = ['--mount', '--uts', '--ipc', '--net', '--cgroup', '--pid', '--fork', '--kill-child']

interface Power {
  /** Fulfilled when no process and no network of the machine is left. */
  readonly ended: Promise<void>
  /** The first process, as the host counts and as this process counts. */
  readonly hostPid: number
  readonly pid: number
}

/** One machine: its power and its cable. Calls on one machine run one after another, in the order they came. */
export class Machine {
  readonly name: string
  readonly #rack: RackPlan
  readonly #plan: MachinePlan
  #power: Power | undefined
  #plugged = true
  #queue: Promise<void> = Promise.resolve()

  constructor(rack: RackPlan, plan: MachinePlan) {
    this.name = plan.name
    this.#rack = rack
    this.#plan = plan
  }

  /** The first process as the host counts; undefined while the power is off. */
  get hostPid(): number | undefined {
    return this.#power?.hostPid
  }

  get plugged(): boolean {
    return this.#plugged
  }

  /** Power on; returns when the cable is in, not when anything has started. */
  on(): Promise<void> {
    return this.#inTurn(() => this.#on())
  }

  /** Power off, as if the cord were pulled; returns when no process and no network of the machine is left. */
  off(): Promise<void> {
    return this.#inTurn(() => this.#off())
  }

  /** Off and on again, as fencing does it; the network of the machine comes up some seconds later. */
  reboot(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#off()
      await this.#on(FIRMWARE_SECONDS)
    })
  }

  /** Pull the network cable; it stays out over a power cycle. */
  cut(): Promise<void> {
    return this.#inTurn(async () => {
      this.#plugged = false
      if (this.#power !== undefined) await unplug(this.name)
    })
  }

  heal(): Promise<void> {
    return this.#inTurn(async () => {
      this.#plugged = true
      if (this.#power !== undefined) await plug(this.name)
    })
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(work)
    this.#queue = done.catch(() => undefined) // the caller has the error; the next one in the queue needs only its turn
    return done
  }

  async #on(firmwareSeconds = 0): Promise<void> {
    if (this.#power !== undefined) return
    const holder = this.#spawn(firmwareSeconds)
    const ended = once(holder, 'exit').then(() => removeCable(this.name))
    const line = holder.stdio[3] as Duplex
    const answer = await Promise.race([once(line, 'data'), ended])
    if (answer === undefined)
      throw new Failure('rejected', `${this.name}: its first process ended, see ${this.#console}`)
    const hostPid = Number(String(answer))
    const power = { ended, hostPid, pid: pidHere(hostPid) }
    this.#power = power
    ended.then(() => {
      if (this.#power === power) this.#power = undefined
    })
    await layCable(this.#plan, power.pid)
    if (this.#plugged) await plug(this.name)
    line.end('plugged\n')
  }

  async #off(): Promise<void> {
    const power = this.#power
    if (power === undefined) return
    await unplug(this.name) // a machine without power says goodbye to nobody, but the kernel closes the connections of the killed
    process.kill(power.pid, 'SIGKILL')
    await power.ended
    this.#power = undefined
  }

  #spawn(firmwareSeconds: number): ChildProcess {
    const { name, address, layers } = this.#plan
    const output = openSync(this.#console, 'a')
    const argv = [
      FIRST_PROCESS,
      name,
      address,
      layers.join(':'),
      this.#plan.disk,
      this.#rack.shared,
      `${firmwareSeconds}`,
    ]
    const holder = spawn('unshare', [...NAMESPACES, 'sh', ...argv], { stdio: ['ignore', output, output, 'pipe'] })
    closeSync(output)
    return holder
  }

  get #console(): string {
    return join(this.#rack.directory, `${this.name}.console`)
  }
}
