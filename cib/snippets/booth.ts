import { comment } from './layout.ts'

/** What booth's configuration is made from. */
export interface BoothOptions {
  readonly ticket: string
  /** The address of booth at each site; it moves with booth in that site's cluster. */
  readonly sites: readonly string[]
  /** Machines of neither site that have a vote. */
  readonly arbitrators: readonly string[]
}

/** booth's configuration: the same file at all sites and on the arbitrators, /etc/booth/booth.conf. */
export function boothConfiguration({ ticket, sites, arbitrators }: BoothOptions): string {
  return [
    comment([
      'The same file at both sites and on the arbitrator: /etc/booth/booth.conf. Make the key once with "booth-keygen", and copy it to all of them',
      'At each site Pacemaker runs booth: give --booth-vip for the formats crm, pcs and cib-xml. On the arbitrator it is the service booth@booth: systemctl enable --now booth@booth',
    ]),
    'transport = UDP\nport = 9929\nauthfile = /etc/booth/authkey\n',
    `${comment(['booth at each site, and who decides when one of them is gone'])}${[
      ...sites.map(address => `site = ${address}\n`),
      ...arbitrators.map(address => `arbitrator = ${address}\n`),
    ].join('')}`,
    `ticket = "${ticket}"\n${comment([
      'a site that reaches nobody else gives the ticket back after this many seconds',
    ])}\texpire = 600\n${comment([
      'and the other one waits this long before it takes it: longer than a demotion takes, or there are two sources',
    ])}\tacquire-after = 120\n`,
  ].join('\n')
}
