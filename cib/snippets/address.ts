import { isIP } from 'node:net'

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

/** The prefix that leaves one address alone. */
export const fullPrefix = (ip: string): 32 | 128 => (isIP(ip) === 4 ? 32 : 128)

/** An address or a name in front of a port: an IPv6 address has colons of its own. */
export const withPort = (host: string, port: number): string =>
  isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`

/** The one spelling of an IPv6 address that RFC 5952 prescribes; an address with a zone has none. */
const shortest = (ip: string): string => (ip.includes('%') ? ip : new URL(`http://[${ip}]`).hostname.slice(1, -1))
