import type { FailureKind } from '../lib/system/failure.ts'

/**
 * OCF exit codes (resource agent API 1.1, "Exit Status Codes"), each with what Pacemaker makes of it
 * (lib/pengine/unpack.c; its own table calls ERR_GENERIC hard, its code does not).
 */
export const OCF = {
  SUCCESS: 0,
  ERR_GENERIC: 1, // soft: recover here, or elsewhere after migration-threshold
  ERR_ARGS: 2, // hard: banned from this node until cleanup
  ERR_UNIMPLEMENTED: 3, // hard, except for a recurring operation
  ERR_PERM: 4, // hard
  ERR_INSTALLED: 5, // hard; a probe that returns it counts as stopped
  ERR_CONFIGURED: 6, // fatal: banned from every node until cleanup
  NOT_RUNNING: 7, // only from monitor, only when sure
  RUNNING_PROMOTED: 8,
  FAILED_PROMOTED: 9, // demote, stop, start
  DEGRADED: 190, // as SUCCESS, shown as degraded
  DEGRADED_PROMOTED: 191, // as RUNNING_PROMOTED, shown as degraded
} as const

/** One of the numbers that an action may end with. */
export type ExitCode = (typeof OCF)[keyof typeof OCF]

/** The exit code for each kind of failure. Transient trouble is always soft: a hard code bans a node until someone cleans up. */
export const FAILURE_EXIT = {
  'timed-out': OCF.ERR_GENERIC,
  unreachable: OCF.ERR_GENERIC,
  crowded: OCF.ERR_GENERIC,
  rejected: OCF.ERR_GENERIC,
  unintelligible: OCF.ERR_GENERIC,
  denied: OCF.ERR_PERM,
  'not-installed': OCF.ERR_INSTALLED,
  misconfigured: OCF.ERR_INSTALLED, // a file of this node; the parameters themselves are judged before
} as const satisfies Record<FailureKind, ExitCode>
