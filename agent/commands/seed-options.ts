/** The options of the command line, as yargs takes them. */
export const SEED_OPTIONS = {
  resource: { type: 'string', describe: 'Name of the resource, where there are several' },
  from: { type: 'string', describe: 'Node whose data to take; a replica unless you say otherwise' },
  method: {
    choices: ['clone', 'backup', 'dump'] as const,
    describe: 'How: clone (MySQL), backup (MariaDB), or dump, which is slow and always possible',
  },
  discard: { type: 'boolean', default: false, describe: 'Give up what only this node holds' },
  'clear-first': {
    type: 'boolean',
    default: false,
    describe: 'Delete the old data before the new ones come, where the disk has no room for both',
  },
  port: {
    type: 'number',
    default: 0,
    describe: 'Port at which this node waits for the donor; any free one by default',
  },
  ssh: { type: 'string', describe: 'Fetch the data by ssh, for example root@beta' },
  automatic: { type: 'boolean', default: false, hidden: true, describe: 'For the agent' },
  watched: { type: 'boolean', default: false, hidden: true, describe: 'For the agent' },
} as const

/** The same for the donor's side, which the agent starts. */
export const DONATE_OPTIONS = {
  resource: { type: 'string', demandOption: true, describe: 'Name of the resource' },
  to: { type: 'string', describe: 'Node that waits for the data of this one' },
  method: { choices: ['backup', 'dump'] as const, describe: 'Write the data to standard output, in this way' },
} as const
