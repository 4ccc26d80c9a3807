import type { OCF } from '../agent/exit-code.ts'

/** What each exit code of the agent says to an administrator, for the manual and the README. */
export const EXIT_MEANINGS: Readonly<Record<keyof typeof OCF, string>> = {
  SUCCESS: 'Done. From monitor: the server runs and takes no writes.',
  ERR_GENERIC: 'It failed. Pacemaker recovers the instance here or elsewhere.',
  ERR_ARGS: 'It was called in a wrong way. Pacemaker keeps the resource off this node until "crm_resource --cleanup".',
  ERR_UNIMPLEMENTED: 'There is no such action.',
  ERR_PERM: 'A file or an account denies what the agent needs. The node is avoided until cleanup.',
  ERR_INSTALLED: 'Something that the agent needs is missing on this node. The node is avoided until cleanup.',
  ERR_CONFIGURED: 'A parameter cannot be right on any node. The resource stays stopped until cleanup.',
  NOT_RUNNING: 'Nothing of the server runs; only from monitor, and only when that is certain.',
  RUNNING_PROMOTED: 'The server takes writes.',
  FAILED_PROMOTED: 'The server takes writes, or may do so, and is not as it should be.',
  DEGRADED: 'As 0, but something needs attention.',
  DEGRADED_PROMOTED: 'As 8, but something needs attention.',
}
