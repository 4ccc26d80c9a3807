import { readNodeNames } from './node-names.ts'
import { integer, optional, stringParameter } from './parameter-type.ts'

/** The parameters that decide who is promoted among equals. */
export const PREFERENCE_PARAMETERS = {
  preferred_nodes: stringParameter(
    {
      reloadable: true,
      short: 'Nodes that are rather promoted',
      long: 'Nodes with commas between them, the most preferred first. Where several instances could be promoted as well as each other, a preferred one is. The promotion score decides before that.',
    },
    readNodeNames,
  ),
  failback_after: optional(
    integer(
      {
        reloadable: true,
        short: 'When a preferred node takes the place back',
        long: 'Seconds for which a replica of preferred_nodes has to be in step before it takes the place of a source that is less preferred, by a hand-over in good order. Twice as long after each time that it lost the place again within an hour. It never does when not set.',
      },
      { min: 10, max: 86_400, unit: 'number of seconds' },
    ),
  ),
} as const
