import type { EngineName } from '../lab/engines.ts'
import type { Lab } from '../lab/lab.ts'
import type { WayBack } from './way-back.ts'

/** The cluster that a fault happens to, as it was just before. */
export interface Scene {
  readonly lab: Lab
  readonly source: string
  readonly replicas: readonly string[]
  /** The node whose controller decides for the cluster. */
  readonly dc: string
  /** From 0 up to 1, the same sequence for the same seed. Every choice that is made of it is noted. */
  readonly random: () => number
  /** One line for the log of the row. */
  readonly note: (line: string) => void
}

/** What the checks hold the cluster to after a fault. What is left out is the common case. */
export interface Expectations {
  /** Whether another node than before must be the source, or the same one. Default: either is right. */
  readonly source?: 'moves' | 'stays'
  /** The nodes that fencing may power off: any other one is fenced needlessly. Default: none. */
  readonly fenced?: readonly string[]
  /** The nodes that must be in quarantine with a reason; they need not hold the same data. Default: none. */
  readonly quarantined?: readonly string[]
  /** Nothing broke: clients see dropped connections and read-only refusals only. Default: false. */
  readonly planned?: boolean
  /** Failed actions of agents that may be left over, as a pattern of `crm_mon`'s lines. Default: the cluster forgets all. */
  readonly leftOver?: RegExp
}

/** One fault of the suite. */
export interface Fault {
  /** On the command line: `kill-source`. */
  readonly name: string
  /** In the report. */
  readonly title: string
  /** Default: all. */
  readonly engines?: readonly EngineName[]
  /** What the lab must be made of. */
  readonly needs?: FaultNeeds
  /**
   * Let it happen to a healthy cluster under load; returns when it has happened, or is over where it ends by itself, with what is to
   * be expected of it. The cluster heals afterwards, not in here.
   */
  readonly happen: (scene: Scene) => Promise<Expectations>
  /** A node is in quarantine afterwards, rightly, until a human rebuilds it: the next fault gets a new cluster. */
  readonly leavesQuarantine?: boolean
}

export interface FaultNeeds {
  /** Default 3. */
  readonly nodes?: number
  /** Every node has its data directory on a file system of its own. */
  readonly dataDisk?: boolean
}

/** What one check came to. */
export interface CheckResult {
  readonly name: string
  readonly ok: boolean
  /** One sentence, with the numbers and the nodes in it. */
  readonly detail: string
}

/** A row of the report: one fault on one engine. Plain data, kept as JSON. */
export interface FaultOutcome {
  /** The fault's name and title. */
  readonly fault: string
  readonly title: string
  readonly engine: EngineName
  /** When it happened, in milliseconds since 1970. */
  readonly at: number
  /** The sources; empty where there was none. */
  readonly before: string
  readonly after: string
  /** The longest time without an acknowledged write, in milliseconds; null where writes did not come back. */
  readonly gapMs: number | null
  /** Acknowledged transactions that the source lacks afterwards; null where there is no source that could be looked at. */
  readonly lost: number | null
  /** Transactions that the source holds though no client was told so; null likewise. */
  readonly unacknowledged: number | null
  /** From the fault until every node that can is the source or an acker of it again, in milliseconds; null where it was too long. */
  readonly healthyMs: number | null
  /** How the source of before came back; absent where it stayed the source, or its log does not say. */
  readonly wayBack?: WayBack
  /** The nodes that fencing powered off, one entry a power cycle. */
  readonly fenced: readonly string[]
  readonly checks: readonly CheckResult[]
  /** The directory with what the nodes logged, where a check failed; empty else. */
  readonly log: string
}
