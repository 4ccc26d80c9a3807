/** The options of the command line, as yargs takes them. Only the agent gives them. */
export const REPORT_DEATH_OPTIONS = {
  resource: { type: 'string', demandOption: true, describe: 'Name of the resource' },
  node: { type: 'string', demandOption: true, describe: 'Name of this node' },
  datadir: { type: 'string', demandOption: true, describe: "The server's data directory" },
  'pid-file': { type: 'string', demandOption: true, describe: "The server's pid file" },
} as const
