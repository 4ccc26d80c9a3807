/**
 * The options of the command line, as yargs takes them. Only the agent gives them, and the process that gives them may have
 * waited for months: a later version of this program has to understand them.
 */
export const REPORT_DEATH_OPTIONS = {
  resource: { type: 'string', demandOption: true, describe: 'Name of the resource' },
  node: { type: 'string', demandOption: true, describe: 'Name of this node' },
  life: { type: 'string', demandOption: true, describe: 'What the server lock said' },
  datadir: { type: 'string', demandOption: true, describe: "The server's data directory" },
  'pid-file': { type: 'string', demandOption: true, describe: "The server's pid file" },
} as const
