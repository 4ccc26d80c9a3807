/** The options of the command line, as yargs takes them. Only the agent gives them. */
export const HOOK_OPTIONS = {
  resource: { type: 'string', demandOption: true, describe: 'Name of the resource' },
  'old-source': { type: 'string', default: '', describe: 'Node that was the source before' },
} as const
