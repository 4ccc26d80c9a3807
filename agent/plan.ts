import type { Registration } from '../cib/registration.ts'
import type { SourceRecord } from '../cib/source-record.ts'
import type { GtidSet } from '../lib/mysql/gtid-set.ts'
import type { Coordinates } from '../lib/mysql/server-facts.ts'
import type { TailCut } from '../lib/mysql/tail.ts'
import { type ExitCode, OCF } from './exit-code.ts'
import type { Holder } from './holder.ts'

/** Effects on the server that need a connection to it. */
export type ServerStep =
  | { readonly do: 'close-writes'; readonly share?: number } // of the time left; ends the client sessions as well
  | { readonly do: 'open-writes' }
  | { readonly do: 'stop-receiver' }
  | { readonly do: 'release-applier' } // stops the receiver, and ends what waits for the rest of a transaction
  | { readonly do: 'drain-relay-log' } // over when all that was received is executed
  | { readonly do: 'catch-up-from'; readonly peer: Holder } // follow the peer until this instance holds what it held
  | { readonly do: 'forget-source' } // only after drain-relay-log, or where an operator gives up what it holds: it deletes the relay log
  | { readonly do: 'follow'; readonly source: SourceRecord }
  | { readonly do: 'follow-replica'; readonly node: string } // by GTID, for what the source no longer has
  | { readonly do: 'arm-source'; readonly acks: number }
  | { readonly do: 'disarm-source' } // once no commit waits any more
  | { readonly do: 'relax-source' } // at once: releases the commits that wait
  | { readonly do: 'renew-acks' }
  | { readonly do: 'arm-replica' } // counts once the receiver starts again
  | { readonly do: 'disarm-replica' }
  | { readonly do: 'restart-receiver' }
  | { readonly do: 'await-transactions'; readonly set: GtidSet }
  | { readonly do: 'await-replica'; readonly nodes: readonly string[] } // until one of them has all that is here

/** Effects on the server's process and files. */
export type ProcessStep =
  | { readonly do: 'cut-tail'; readonly cut: TailCut }
  | { readonly do: 'check-cut'; readonly cut: Coordinates } // after the start: had the engine committed what was cut?
  | { readonly do: 'launch-server' } // read-only from the first instant; over when it answers
  | { readonly do: 'await-server' } // one that was launched before and has not answered yet
  | { readonly do: 'stop-server'; readonly how: 'shutdown' | 'kill' }
  | { readonly do: 'seed'; readonly because: string } // begins; long after this action it has replaced the data

/** Effects on the cluster's memory. */
export type ClusterStep =
  | {
      readonly do: 'publish-source'
      readonly epoch: number
      readonly acks: number
      readonly proven: boolean
      readonly doubted: readonly string[]
      readonly ackers: readonly FirstAcker[]
    }
  | {
      readonly do: 'publish-holdings'
      readonly epoch: number
      /** The servers, as records name them, whose writes are left out: they go on. */
      readonly without?: readonly string[]
    }
  | { readonly do: 'retract-holdings' }
  | { readonly do: 'publish-handover'; readonly epoch: number } // once no commit waits any more
  | { readonly do: 'register-acker'; readonly epoch: number }
  | {
      readonly do: 'lower-guarantee'
      readonly epoch: number
      readonly acks: number
      readonly synced: boolean
      readonly witnesses: readonly string[]
    }
  | {
      readonly do: 'raise-guarantee'
      readonly epoch: number
      readonly acks: number
      readonly ackers: readonly string[]
    }
  | { readonly do: 'trust-commits'; readonly epoch: number } // once all that was committed is on disk
  | {
      readonly do: 'release-ackers'
      readonly gone: readonly Acker[]
      readonly acks: number
      readonly left: readonly string[]
    }
  | { readonly do: 'quarantine'; readonly because: string }

/** Effects where there are two sites. */
export type SiteStep =
  | { readonly do: 'publish-away'; readonly record: SourceRecord } // the other site has the source
  | { readonly do: 'await-followers' } // until every replica that is connected has executed all that is here

/** A replica that acknowledges from an epoch's first commit on. */
export interface FirstAcker {
  readonly node: string
  readonly boot: string
}

/** An acker with the registration that it was seen with. */
export interface Acker {
  readonly node: string
  readonly registration: Registration
}

/** The effects an action may ask for. Each is idempotent: done twice, it is as if done once. */
export type Step = ServerStep | ProcessStep | ClusterStep | SiteStep

/** What to do, why, and what comes after: an exit code, or another look because the steps made new things visible. */
export interface Plan {
  /** One sentence: the log line, the exit reason of a refusal, and what `heir explain` prints. */
  readonly because: string
  readonly steps: readonly Step[]
  readonly next: ExitCode | 'look-again'
  /** What remains to be done when one of the steps fails. */
  readonly otherwise?: readonly Step[]
}

/** The plan that does its steps and ends with success, unless another exit code is given. */
export function proceed(because: string, steps: readonly Step[] = [], next: ExitCode = OCF.SUCCESS): Plan {
  return { because, steps, next }
}

/** The plan after whose steps the action looks once more, and decides anew. */
export function lookAgain(because: string, steps: readonly Step[]): Plan {
  return { because, steps, next: 'look-again' }
}

/** A refusal is a value, not an error: the plan that ends with this exit code and its sentence as the exit reason. */
export function refuse(because: string, exit: ExitCode = OCF.ERR_GENERIC, steps: readonly Step[] = []): Plan {
  return { because, steps, next: exit }
}

/** A transition that has nothing to do. */
export const nothing = (because: string) => (): Plan => proceed(because)

/** A transition that refuses whatever else there is. */
export const cannot =
  (because: string, exit: ExitCode = OCF.ERR_GENERIC) =>
  (): Plan =>
    refuse(because, exit)
