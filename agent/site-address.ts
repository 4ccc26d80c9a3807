import type { Reading } from './parameter-type.ts'

/** Where the writers of the other site are reached. */
export interface SiteAddress {
  readonly host: string
  readonly port: number
}

const FAULT = 'is no address with a port: write it as 10.1.0.100:3306, or [fd00::100]:3306'

/** Read `HOST:PORT`; an IPv6 address stands in brackets. */
export function readSiteAddress(text: string): Reading<SiteAddress> {
  const [, bracketed, plain, digits] =
    /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9][A-Za-z0-9.-]*)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? plain
  const port = Number(digits)
  return host !== undefined && port >= 1 && port <= 65_535 ? { value: { host, port } } : { fault: FAULT }
}

/** What the source of the other site is called in the cluster's memory. No node can have such a name: it has a colon. */
export const siteName = ({ host, port }: SiteAddress): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`

/** Read the name of a ticket, which becomes part of the CIB and of booth's configuration. */
export function readTicket(text: string): Reading<string> {
  return /^[A-Za-z_][A-Za-z0-9_.-]{0,62}$/.test(text)
    ? { value: text }
    : { fault: 'is no name of a ticket: use up to 63 letters, digits, "_", "-" and ".", a letter first' }
}
