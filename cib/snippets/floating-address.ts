import type { Address } from './address.ts'
import type { Resource, Setting } from './configuration.ts'

/** Where an address is put: which it is, and on which network interface (the routing table decides without one). */
export interface Placement {
  readonly address: Address
  readonly nic: string | undefined
}

/** An address that moves between nodes. `stickiness` says how much it costs to move it. */
export const floatingAddress = (
  id: string,
  { address, nic }: Placement,
  because: string,
  stickiness: Omit<Setting, 'name'>,
): Resource => ({
  id,
  agent: 'ocf:heartbeat:IPaddr2',
  because,
  parameters: [
    { name: 'ip', value: address.ip },
    { name: 'cidr_netmask', value: String(address.prefix) },
    ...(nic === undefined ? [] : [{ name: 'nic', value: nic }]),
  ],
  operations: [
    { name: 'start', timeoutSeconds: 20 },
    { name: 'stop', timeoutSeconds: 20 },
    { name: 'monitor', timeoutSeconds: 20, intervalSeconds: 10 },
  ],
  meta: [{ name: 'resource-stickiness', ...stickiness }],
})
