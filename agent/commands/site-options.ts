/** The options of the command line, as yargs takes them. */
export const SITE_OPTIONS = {
  give: { type: 'boolean', default: false, describe: 'Stop taking writes at this site, so that the other one can' },
  take: { type: 'boolean', default: false, describe: 'Take writes at this site, which the other one has given up' },
  prepare: {
    type: 'boolean',
    default: false,
    describe: 'The same as --take up to the ticket, which "booth grant" brings',
  },
  holding: { type: 'string', describe: 'With --take and --prepare: what the other site ended with, as --give says' },
  'accept-loss': {
    type: 'boolean',
    default: false,
    describe:
      'With --take: nobody is promoted on the other site, and what it wrote and this one did not receive is lost',
  },
  resource: { type: 'string', describe: 'Name of the resource, where there are several' },
  timeout: { type: 'number', default: 120, describe: 'Seconds to wait for the servers' },
} as const

/** What is to be done about the sites. Without a wish nothing is changed. */
export interface SiteRequest {
  readonly give: boolean
  readonly take: boolean
  readonly prepare: boolean
  readonly holding: string | undefined
  readonly acceptLoss: boolean
  readonly resource: string | undefined
  /** Seconds. */
  readonly timeout: number
}
