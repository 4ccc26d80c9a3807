import { join } from 'node:path'

/** The name under which the switch's own network stands beside the machines: programs of the host, on the machines' network. */
export const CLIENT = 'client'

export interface MachinePlan {
  readonly name: string
  /** With prefix length: `10.77.0.1/24`. */
  readonly address: string
  /** Read-only root file systems, the uppermost first. */
  readonly layers: readonly string[]
  /** Where its writes go: below `upper`. */
  readonly disk: string
}

/** What a rack holds; the whole of what its supervisor needs to know. */
export interface RackPlan {
  /** The rack's own directory: sockets, consoles, disks. */
  readonly directory: string
  /** Appears as /run/lab in every machine. */
  readonly shared: string
  /** The address of the switch itself, where clients run; with prefix length. */
  readonly switchAddress: string
  readonly machines: readonly MachinePlan[]
}

/** The power switch's unix socket, on the host; /run/lab/power.sock in a machine. */
export function powerSocket(plan: Pick<RackPlan, 'shared'>): string {
  return join(plan.shared, 'power.sock')
}

export function planFile(directory: string): string {
  return join(directory, 'plan.json')
}
