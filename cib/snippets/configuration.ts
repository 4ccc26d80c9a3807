/**
 * A cluster configuration as data: what a topology consists of, each choice with its reason.
 * `render-crm.ts` and `render-pcs.ts` turn it into the words of either tool, `render-xml.ts` into that of the CIB itself.
 */
export interface Configuration {
  /** What the reader must know or do first, one paragraph each. */
  readonly notes: readonly string[]
  /** What the cluster needs beside all this and nobody but the reader knows: printed as a comment to be filled in. */
  readonly missing: Missing
  readonly resources: readonly Resource[]
  readonly constraints: readonly Constraint[]
  readonly properties: readonly Setting[]
}

/** Resources and constraints with words in capitals for what is to be filled in. */
export interface Missing {
  readonly because: string
  readonly resources: readonly Resource[]
  readonly constraints: readonly Constraint[]
}

/** One name with its value. The reason is left out where the value is the user's own, or an ordinary one. */
export interface Setting {
  readonly name: string
  readonly value: string
  readonly because?: string
  /** Its value is not shown where it need not be. */
  readonly secret?: true
}

/** An operation of a resource, as Pacemaker schedules it. An interval of 0 or none: not a recurring one. */
export interface Operation {
  readonly name: string
  readonly timeoutSeconds: number
  readonly intervalSeconds?: number
  readonly role?: 'Promoted' | 'Unpromoted'
  readonly because?: string
}

/** A resource, with the reasons for its settings. */
export interface Resource {
  readonly id: string
  /** Standard, provider and type: `ocf:heir:mysql`; a fencing device has no provider: `stonith:fence_ipmilan`. */
  readonly agent: string
  readonly because: string
  readonly parameters: readonly Setting[]
  readonly operations: readonly Operation[]
  readonly meta: readonly Setting[]
  /** Why pcs has to be forced to take it; others need not. */
  readonly forced?: string
  /** The promotable clone around it, when it is to run on several nodes. */
  readonly promotable?: { readonly id: string; readonly meta: readonly Setting[] }
}

/** How much Pacemaker is to want something. */
export type Score = number | 'INFINITY' | '-INFINITY'

/** What is done to a resource. */
export interface Act {
  readonly action: 'start' | 'stop' | 'promote' | 'demote'
  readonly resource: string
}

/** A condition on one attribute of a node; `#uname` is its name. */
export type Expression =
  | { readonly attribute: string; readonly is: 'not_defined' }
  | { readonly attribute: string; readonly is: 'eq' | 'ne'; readonly value: string }

/** Where a constraint applies: on nodes for which one, or every, expression holds. */
export interface Rule {
  readonly match: 'or' | 'and'
  readonly expressions: readonly Expression[]
}

/** A rule about where and when resources run, with its reason. */
export type Constraint = { readonly id: string; readonly because: string } & (
  | {
      readonly kind: 'location'
      readonly resource: string
      readonly score: Score
      readonly rule: Rule
      /** Whether Pacemaker looks on excluded nodes for the resource. */
      readonly discovery?: 'never'
    }
  | {
      readonly kind: 'colocation'
      readonly resource: string
      readonly with: string
      readonly role?: 'Promoted'
      readonly score: Score
    }
  /**
   * One way only: what undoes the two actions is not ordered. Mandatory unless it is said: then the second waits for a first that
   * is not to be done for ever, where an optional one is for a transition that does both.
   */
  | { readonly kind: 'order'; readonly first: Act; readonly second: Act; readonly strength?: 'Optional' }
  /** The promoted role needs this ticket; without it the resource is demoted. */
  | { readonly kind: 'ticket'; readonly resource: string; readonly ticket: string }
)
