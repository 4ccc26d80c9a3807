import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CommandResult, command } from '../../lib/system/command.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { bounded, inMachine, onNetwork, tethered } from './enter.ts'
import { isLocked, waitUntilUnlocked } from './file-lock.ts'
import { type MachineStatus, power, powerStatus } from './power-client.ts'
import type { PowerAction } from './power-switch.ts'
import { clearTheWay, supervisorLog } from './rack-directory.ts'
import { CLIENT, planFile, powerSocket, type RackPlan } from './rack-plan.ts'

const SUPERVISOR = join(import.meta.dirname, 'supervisor.ts')

const NAMESPACES = ['--mount', '--uts', '--ipc', '--net', '--cgroup', '--pid', '--fork', '--kill-child']

/** The command inside a machine is killed there too, this much after it was given up outside. */
const INSIDE_LATER_MS = 100

/** Whose end is the rack's end: that of the process that opens it, or nobody's (until it is closed). */
export type RackOwner = 'this process' | 'nobody'

export interface ExecOptions {
  /** Default: 30 seconds. */
  readonly deadline?: Deadline
  readonly input?: string
}

/**
 * Machines on one switch with a power switch: namespaces below one supervisor process, invisible to the host and to other racks.
 * All of it is gone when the supervisor is.
 */
export class Rack {
  readonly plan: RackPlan
  readonly #socket: string

  private constructor(plan: RackPlan) {
    this.plan = plan
    this.#socket = powerSocket(plan)
  }

  /** Set up the rack, all machines off. Throws Failure when one stands in the same directory, or what it needs is missing. */
  static async open(plan: RackPlan, owner: RackOwner): Promise<Rack> {
    await clearTheWay(plan.directory)
    await mkdir(plan.shared, { recursive: true })
    await writeFile(planFile(plan.directory), JSON.stringify(plan, undefined, 2))
    await superviseUntilReady(plan, owner)
    return new Rack(plan)
  }

  /** The rack that an earlier process opened in the directory; undefined when it is not up. */
  static async find(directory: string): Promise<Rack | undefined> {
    if (!existsSync(planFile(directory)) || !(await isLocked(directory))) return undefined
    return new Rack(JSON.parse(await readFile(planFile(directory), 'utf8')))
  }

  async power(action: PowerAction, machine: string): Promise<void> {
    await power(this.#socket, action, machine)
  }

  /** Every machine, and the client. */
  async status(): Promise<MachineStatus[]> {
    return await powerStatus(this.#socket)
  }

  /** Run a program inside a machine, or of the host on the machines' network (`client`), and wait for its end. */
  async exec(machine: string, argv: readonly string[], options: ExecOptions = {}): Promise<CommandResult> {
    const { deadline = Deadline.in(30_000), input = '' } = options
    const seconds = (deadline.remainingMs + INSIDE_LATER_MS) / 1000
    const [file = '', ...args] = await this.enter(machine, bounded(seconds, argv))
    return await command(file, args, { deadline, input }).catch((cause: Failure) => {
      throw new Failure(cause.kind, `${machine}: ${argv.join(' ')}: ${cause.message}`, { cause })
    })
  }

  /** The command line that runs a program inside a machine (or the client): for what `exec` is too simple for. */
  async enter(machine: string, argv: readonly string[]): Promise<string[]> {
    const pid = await this.firstProcess(machine)
    return machine === CLIENT ? onNetwork(pid, argv) : inMachine(pid, argv)
  }

  /** The machine's first process, as the host counts; /proc/PID/root is its root directory. Throws when the power is off. */
  async firstProcess(machine: string): Promise<number> {
    const status = (await this.status()).find(({ name }) => name === machine)
    if (status === undefined) throw new Failure('misconfigured', `${machine}: there is no such machine`)
    if (status.power === 'off') throw new Failure('unreachable', `${machine}: the power is off`)
    return status.pid
  }

  /** Everything off and gone, the disks too. */
  async close(): Promise<void> {
    process.kill(await this.firstProcess(CLIENT), 'SIGKILL')
    if (!(await waitUntilUnlocked(this.plan.directory, Deadline.in(20_000)))) {
      throw new Failure('timed-out', `${this.plan.directory}: the rack's processes do not end`)
    }
    await rm(this.plan.directory, { recursive: true })
  }
}

/** The locks say which directories are in use: that of the rack by this rack alone, the layers by any number. */
function supervisorCommand(plan: RackPlan): string[] {
  const layers = new Set(plan.machines.flatMap(machine => machine.layers))
  const sharing = [...layers].flatMap(layer => ['flock', '--shared', '--no-fork', layer])
  // A look at the lock holds it for a moment.
  const exclusive = ['flock', '--exclusive', '--timeout', '2', '--no-fork', plan.directory]
  return [...sharing, ...exclusive, 'unshare', ...NAMESPACES, process.execPath, SUPERVISOR, plan.directory]
}

async function superviseUntilReady(plan: RackPlan, owner: RackOwner): Promise<void> {
  const argv = supervisorCommand(plan)
  const [file = '', ...args] = owner === 'nobody' ? argv : tethered(argv)
  const logFile = supervisorLog(plan.directory)
  const log = openSync(logFile, 'a')
  const child = spawn(file, args, { stdio: ['ignore', log, log], detached: true })
  closeSync(log)
  child.unref()
  const ended = once(child, 'exit').then(() => 'ended' as const)
  const ready = Deadline.in(20_000).poll(20, () => powerStatus(powerSocket(plan)).catch(() => undefined))
  const outcome = await Promise.race([ended, ready])
  if (typeof outcome === 'object') return
  throw new Failure('rejected', `the lab's supervisor does not start: ${(await readFile(logFile, 'utf8')).slice(-500)}`)
}
