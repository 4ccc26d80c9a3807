import { BlockList, isIP } from 'node:net'

/** An address that moves with a role. */
export interface Address {
  readonly ip: string
  /** Bits of the network part, for the parameter cidr_netmask of IPaddr2. */
  readonly prefix: number
}

/** Read `10.0.0.100/24` or `fd00::100/64`; undefined when it is neither. Equal addresses become equal texts. */
export function parseAddress(text: string): Address | undefined {
  const [, host = '', bits] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? []
  const ip = canonical(host)
  const prefix = Number(bits)
  if (ip === undefined || prefix < 1 || prefix > fullPrefix(ip)) return undefined
  return { ip, prefix }
}

/** The one spelling of an IP address; undefined when it is none. */
export function canonical(ip: string): string | undefined {
  const version = isIP(ip)
  if (version === 0) return undefined
  return version === 4 ? ip : shortest(ip)
}

/** Addresses that say no machine, many, or one that depends on the interface. */
const NO_MACHINE = blockList(['0.0.0.0', 8], ['224.0.0.0', 3], ['::', 128], ['fe80::', 10], ['ff00::', 8])

const LOOPBACK = blockList(['127.0.0.0', 8], ['::1', 128])

/** Whether an address can be that of one machine: neither special by itself, nor the first or the last of its network. */
export function isMachineAddress({ ip, prefix }: Address): boolean {
  if (ip.includes('%') || NO_MACHINE.check(ip, family(ip))) return false
  if (isIP(ip) === 6 || prefix > 30) return true
  const size = 2 ** (32 - prefix)
  const place = ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) % size
  return place > 0 && place < size - 1
}

/** Whether only the machine itself reaches the address. */
export const isLoopback = (ip: string): boolean => LOOPBACK.check(ip, family(ip))

function family(ip: string) {
  return isIP(ip) === 4 ? 'ipv4' : 'ipv6'
}

function blockList(...networks: readonly (readonly [ip: string, prefix: number])[]): BlockList {
  const list = new BlockList()
  for (const [ip, prefix] of networks) list.addSubnet(ip, prefix, family(ip))
  return list
}

/** The prefix that leaves one address alone. */
export const fullPrefix = (ip: string): 32 | 128 => (isIP(ip) === 4 ? 32 : 128)

/** An address or a name in front of a port: an IPv6 address has colons of its own. */
export const withPort = (host: string, port: number): string =>
  isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`

/** The one spelling of an IPv6 address that RFC 5952 prescribes; an address with a zone has none. */
const shortest = (ip: string): string => (ip.includes('%') ? ip : new URL(`http://[${ip}]`).hostname.slice(1, -1))
