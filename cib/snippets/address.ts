import { isIP } from 'node:net'

/** An address that moves with a role. */
export interface Address {
  readonly ip: string
  /** Bits of the network part, for the parameter cidr_netmask of IPaddr2. */
  readonly prefix: number
}

/** Read `10.0.0.100/24` or `fd00::100/64`; undefined when it is neither. Equal addresses become equal texts. */
export function parseAddress(text: string): Address | undefined {
  const [, host, bits] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? []
  if (host === undefined) return undefined
  const prefix = Number(bits)
  const version = isIP(host)
  if (version === 0 || prefix < 1 || prefix > (version === 4 ? 32 : 128)) return undefined
  return { ip: version === 4 ? host : shortest(host), prefix }
}

/** The one spelling of an IPv6 address that RFC 5952 prescribes; an address with a zone has none. */
const shortest = (ip: string): string => (ip.includes('%') ? ip : new URL(`http://[${ip}]`).hostname.slice(1, -1))
