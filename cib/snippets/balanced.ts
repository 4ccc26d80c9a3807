import type { Address } from './address.ts'

/** Numbers that are as good as any, unless something else on the network has them. */
export const BALANCER_DEFAULTS = { checkPort: 9200, routerId: 51 } as const

/** A server, or a balancer, as others reach it. */
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
  /** Whether the cluster gives each node the addresses, for LVS. */
  readonly byCluster: boolean
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
export const servicesOf = ({
  resource,
  writer,
  readers,
}: Pick<Balanced, 'resource' | 'writer' | 'readers'>): readonly Service[] => [
  ...(writer === undefined ? [] : [{ name: `${resource}-writer`, address: writer, role: 'writable' as const }]),
  ...readers.map((address, index) => ({
    name: `${resource}-reader-${index + 1}`,
    address,
    role: 'readable' as const,
  })),
]

/** Who gets which servers, as a sentence for the reader. */
export const AUDIENCE = {
  writable: 'for writers: the servers that say that they take writes; in front of a single primary, one at a time',
  readable: 'for readers: the servers that are not too far behind, the one that takes writes among them',
} as const satisfies Record<Service['role'], string>

/** What has to run on each node, as a sentence for the reader. */
export const checkService = ({ checkPort }: Balanced): string =>
  `On each node "systemctl enable --now heir-check" has to have been said, with LISTEN= the node's address that the balancers ask and PORT=${checkPort} in /etc/heir/check.conf. Let nobody but the balancers reach that port`

/** What a balancer with LVS needs beside its file, as a sentence for the reader. */
export const LVS_KERNEL =
  'In /etc/sysctl.d of the balancer: net.ipv4.vs.expire_nodest_conn = 1. Then who is connected to a server that is given up is told so; without it he waits'

/** How long LVS remembers a connection on which nothing is said: as long as servers do by themselves (wait_timeout). */
export const IDLE_SECONDS = 28_800

/** Why, as a sentence for the reader. */
export const IDLE =
  'a connection on which nothing is said is kept as long as the server keeps it; LVS forgets it after 15 minutes by itself'
