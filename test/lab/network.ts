import { command } from '../../lib/system/command.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'

const BRIDGE = 'switch'

/** Make this network namespace the machines' switch, reachable by itself under the address (with prefix length). */
export async function makeSwitch(address: string): Promise<void> {
  await ip('link', 'set', 'lo', 'up')
  await ip(
    ...['link', 'add', BRIDGE, 'type', 'bridge'],
    ...['forward_delay', '0', 'stp_state', '0', 'mcast_snooping', '0'],
  )
  await ip('address', 'add', address, 'dev', BRIDGE)
  await ip('link', 'set', BRIDGE, 'up')
}

/** Lay a cable from the machine's eth0 to the switch. `pid` is a process of the machine, as this process namespace counts. */
export async function layCable(machine: string, pid: number): Promise<void> {
  await ip('link', 'add', port(machine), 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(pid))
  await ip('link', 'set', port(machine), 'master', BRIDGE)
}

/** Take the cable away; also where the machine, and its end of it, is gone. */
export async function removeCable(machine: string): Promise<void> {
  await command('ip', ['link', 'delete', port(machine)], { deadline: Deadline.in(5000) })
}

export async function plug(machine: string): Promise<void> {
  await ip('link', 'set', port(machine), 'up')
}

export async function unplug(machine: string): Promise<void> {
  await ip('link', 'set', port(machine), 'down')
}

function port(machine: string): string {
  return `port-${machine}`
}

async function ip(...args: string[]): Promise<void> {
  const { exitCode, stderr } = await command('ip', args, { deadline: Deadline.in(5000) })
  if (exitCode !== 0) throw new Failure('rejected', `ip ${args.join(' ')}: ${stderr}`)
}
