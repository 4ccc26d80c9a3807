import type { RealServer } from './balanced.ts'

/** What one machine has to know to move an address by VRRP. */
export interface VrrpOptions {
  readonly name: string
  /** The machine whose file it is, and all that may have the addresses, each with its own one. */
  readonly node: string
  readonly machines: readonly RealServer[]
  readonly nic: string
  readonly routerId: number
  /** How many of them stand before this one. */
  readonly place: number
  /** Whether the addresses stay where they are when a machine that stands before comes back. */
  readonly stays: boolean
}

/** The first lines of a keepalived virtual router: who has its addresses is agreed by messages from machine to machine. */
export const vrrpText = ({ name, node, machines, nic, routerId, place, stays }: VrrpOptions): string =>
  [
    `vrrp_instance ${name} {\n`,
    '  state BACKUP\n',
    stays ? '  nopreempt\n' : '',
    `  interface ${nic}\n`,
    `  virtual_router_id ${routerId}\n`,
    `  priority ${100 - place}\n`,
    '  advert_int 1\n',
    `  unicast_src_ip ${machines.find(machine => machine.node === node)?.host}\n`,
    '  unicast_peer {\n',
    ...machines.filter(machine => machine.node !== node).map(({ host }) => `    ${host}\n`),
    '  }\n',
  ].join('')
