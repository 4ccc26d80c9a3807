import { command } from '../../lib/system/command.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import type { MachinePlan } from './rack-plan.ts'

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

/**
 * Lay a cable from the machine's eth0 to the switch. `pid` is a process of the machine, as this process namespace counts. The
 * interface has the same hardware address after every reboot, as others remember it.
 */
export async function layCable({ name, address }: MachinePlan, pid: number): Promise<void> {
  const far = ['peer', 'name', 'eth0', 'address', hardwareAddress(address), 'netns', String(pid)]
  await ip('link', 'add', port(name), 'type', 'veth', ...far)
  await ip('link', 'set', port(name), 'master', BRIDGE)
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

/** A locally administered address made of the network address. */
function hardwareAddress(address: string): string {
  const [host = ''] = address.split('/')
  const octets = host.split('.').map(octet => Number(octet).toString(16).padStart(2, '0'))
  return ['02', '00', ...octets].join(':')
}

function port(machine: string): string {
  return `port-${machine}`
}

async function ip(...args: string[]): Promise<void> {
  const { exitCode, stderr } = await command('ip', args, { deadline: Deadline.in(5000) })
  if (exitCode !== 0) throw new Failure('rejected', `ip ${args.join(' ')}: ${stderr}`)
}
