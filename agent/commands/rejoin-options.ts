/** The options of the command line, as yargs takes them. */
export const REJOIN_OPTIONS = {
  save: { type: 'string', describe: 'Write what only this node holds into this new file, for root alone' },
  discard: { type: 'boolean', default: false, describe: 'Give up what only this node holds: rebuild its data' },
  keep: { type: 'boolean', default: false, describe: 'Let this node follow with its data as they are' },
  resource: { type: 'string', describe: 'Name of the resource, where there are several' },
  timeout: { type: 'number', default: 600, describe: 'Seconds that it may take' },
} as const
