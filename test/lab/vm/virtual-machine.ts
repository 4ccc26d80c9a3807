import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { Readable, Writable } from 'node:stream'
import { command } from '../../../lib/system/command.ts'
import { Deadline } from '../../../lib/system/deadline.ts'
import { Failure } from '../../../lib/system/failure.ts'
import { tethered } from '../enter.ts'
import { PREFIX_LENGTH } from '../network-plan.ts'
import { type Image, machineImage } from './image.ts'

type Enter = (argv: readonly string[]) => string[] | Promise<string[]>

/** Where a machine stands on the lab's network. */
export interface Placement {
  readonly name: string
  readonly address: string
  /** What the kernel says while it starts, for those who look for the reason that it does not. */
  readonly console: string
  /** A file of this host that it has as a disk, /dev/vdb, filled up to whole sectors. */
  readonly file?: string
}

/** An emulated processor needs its time, and the machine may be busy. */
const START_MS = 600_000

/** A virtual machine with a kernel of its own, on a lab's network: it has LVS where the host has not. */
export class VirtualMachine implements AsyncDisposable {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>
  readonly #ended: Promise<unknown[]>
  #turn = 0

  private constructor(process: ChildProcessByStdio<Writable, Readable, null>) {
    this.#process = process
    this.#ended = once(process, 'exit')
    process.stdout.setEncoding('utf8')
  }

  /**
   * Start it on a network that has the bridge `switch`, and wait until it does what it is told. Ends with this process at the latest.
   * `enter` answers the command line that runs a program of the host on that network.
   */
  static async start(enter: Enter, placement: Placement): Promise<VirtualMachine> {
    const port = `port-${placement.name}`
    for (const words of [
      ['tuntap', 'add', port, 'mode', 'tap'],
      ['link', 'set', port, 'master', 'switch', 'up'],
    ]) {
      const [file = '', ...args] = await enter(['ip', ...words])
      const { exitCode, stderr } = await command(file, args, { deadline: Deadline.in(10_000) })
      if (exitCode !== 0) throw new Failure('rejected', `ip ${words.join(' ')}: ${stderr}`)
    }
    const [file = '', ...args] = tethered(await enter(emulator(await machineImage(), placement, port)))
    const machine = new VirtualMachine(spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] }))
    try {
      await machine.#listen(/^ready\n/, Deadline.in(START_MS))
      machine.#process.stdin.write('PS1= PS2=\n') // its shell takes the line for a terminal, and asks for more
      await machine.run('true')
    } catch (cause) {
      await machine.off()
      const said = await readFile(placement.console, 'utf8').catch(() => 'nothing')
      throw new Failure('timed-out', `${placement.name} does not start; its kernel says: ${said}`, { cause })
    }
    return machine
  }

  /** Run a shell script in the machine, and answer what it prints, errors included. Throws Failure `rejected` where it fails. */
  async run(script: string, deadline = Deadline.in(170_000)): Promise<string> {
    const mark = `--- ${++this.#turn}`
    this.#process.stdin.write(`sh -eu <<'${mark}'\n${script}\n${mark}\necho "${mark}" $? .\n`)
    const end = new RegExp(`${mark} (\\d+) \\.\\n`)
    const said = await this.#listen(end, deadline)
    const output = said.replace(end, '').trimEnd()
    if (end.exec(said)?.[1] !== '0') throw new Failure('rejected', `${script}: ${output}`)
    return output
  }

  async #listen(end: RegExp, deadline: Deadline): Promise<string> {
    let said = ''
    while (!end.test(said)) {
      const signal = AbortSignal.timeout(Math.max(1, Math.ceil(deadline.remainingMs)))
      const more = once(this.#process.stdout, 'data', { signal })
      const [text] = await Promise.race([more, this.#ended]).catch((cause: unknown) => {
        throw new Failure('timed-out', `the machine says no more than "${said}"`, { cause })
      })
      if (typeof text !== 'string') throw new Failure('unreachable', `the machine has ended, after "${said}"`)
      said += text
    }
    return said
  }

  /** Power off, without warning. */
  async off(): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.#ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.off()
  }
}

/** Emulated even where the kernel would lend its processor: a host that is a virtual machine itself may have that, and hang in it. */
function emulator({ kernel, early, disk }: Image, { name, address, console, file }: Placement, port: string): string[] {
  const own = [
    `systemd.hostname=${name}`,
    'systemd.getty_auto=no',
    'systemd.mask=systemd-udev-trigger.service',
    `address=${address}/${PREFIX_LENGTH}`,
  ]
  const words = ['console=ttyS0', 'quiet', 'panic=-1', ...own]
  return [
    ...['qemu-system-x86_64', '-nodefaults', '-no-reboot', '-display', 'none'],
    ...['-accel', 'tcg', '-cpu', 'max', '-m', '512'],
    ...['-kernel', kernel, '-initrd', early, '-append', words.join(' ')],
    ...['-drive', `file=${disk},format=raw,if=virtio,snapshot=on`],
    ...(file === undefined ? [] : ['-drive', `file=${file},format=raw,if=virtio,readonly=on`]),
    ...['-netdev', `tap,id=cable,ifname=${port},script=no,downscript=no`],
    ...['-device', `virtio-net-pci,netdev=cable,romfile=,mac=${hardwareAddress(address)}`],
    ...['-serial', `file:${console}`, '-serial', 'stdio'],
  ]
}

/** As the lab's other machines have theirs, with another beginning. */
const hardwareAddress = (address: string): string =>
  ['02', '01', ...address.split('.').map(part => Number(part).toString(16).padStart(2, '0'))].join(':')
