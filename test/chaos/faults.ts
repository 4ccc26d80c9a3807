import { AGENT_FAULTS } from './faults/agent.ts'
import { CLUSTER_FAULTS } from './faults/cluster.ts'
import { DISK_FAULTS } from './faults/disk.ts'
import { HANDOVER_FAULTS } from './faults/handover.ts'
import { NETWORK_FAULTS } from './faults/network.ts'
import { POWER_FAULTS } from './faults/power.ts'
import { REPLICATION_FAULTS } from './faults/replication.ts'
import { SERVER_FAULTS } from './faults/server.ts'
import type { Fault } from './types.ts'

/** Every fault of the suite, in the order of the report. */
export const FAULTS: readonly Fault[] = [
  ...SERVER_FAULTS,
  ...POWER_FAULTS,
  ...NETWORK_FAULTS,
  ...DISK_FAULTS,
  ...REPLICATION_FAULTS,
  ...HANDOVER_FAULTS,
  ...AGENT_FAULTS,
  ...CLUSTER_FAULTS,
]

/** The fault of that name. Throws when there is none. */
export function faultNamed(name: string): Fault {
  const fault = FAULTS.find(fault => fault.name === name)
  if (fault === undefined) throw new Error(`there is no fault ${name}`)
  return fault
}
