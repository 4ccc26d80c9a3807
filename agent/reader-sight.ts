import type { LockFile } from '../lib/system/lock-file.ts'

/** How the last monitor of a replica found its lag: two looks tell what one cannot. */
export interface LagLook {
  /** It was behind by more than readers put up with, and has not come back since. */
  readonly trailing: boolean
  /** For how long nobody has known its lag; 0 where it was known. */
  readonly unknownSeconds: number
}

/** What decides about the readers of a replica beside its server: what they put up with, and what else goes on here. */
export interface ReaderSight {
  /** The lag at which they leave. */
  readonly maxLagSeconds: number
  /** The lag at which they come back. */
  readonly returnLagSeconds: number
  /** Undefined where nothing was amiss. */
  readonly lagLook: LagLook | undefined
  /** The file that says that a backup runs here; undefined where there is none. */
  readonly backup: LockFile | undefined
}
