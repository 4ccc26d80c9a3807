import type { Address } from './address.ts'

/** Numbers that are as good as any, unless something else on the network has them. */
export const BALANCER_DEFAULTS = { checkPort: 9200, routerId: 51 } as const

/** One server as balancers reach it. */
export interface RealServer {
  readonly node: string
  /** Its own address; the node's name where none is known. */
  readonly host: string
}

/** Servers with addresses in front of them that something other than Pacemaker moves. */
export interface Balanced {
  readonly resource: string
  readonly servers: readonly RealServer[]
  readonly writer: Address | undefined
  readonly readers: readonly Address[]
  /** Where the servers answer clients. */
  readonly port: number
  /** Where `heir check --http` answers balancers. */
  readonly checkPort: number
}

/** An address, and what clients that use it want. */
export interface Service {
  readonly name: string
  readonly address: Address
  readonly role: 'writable' | 'readable'
}

/** Every service, the one for writers first; named as the cluster's resources are. */
export const servicesOf = ({ resource, writer, readers }: Balanced): readonly Service[] => [
  ...(writer === undefined ? [] : [{ name: `${resource}-writer`, address: writer, role: 'writable' as const }]),
  ...readers.map((address, index) => ({
    name: `${resource}-reader-${index + 1}`,
    address,
    role: 'readable' as const,
  })),
]

/** What has to run on each node, as a sentence for the reader. */
export const checkService = ({ checkPort }: Balanced): string =>
  `On each node "heir check --http ${checkPort} --listen ADDRESS" has to run all the time, with the node's address that the balancers ask: a service of systemd does. Let nobody but the balancers reach that port`
