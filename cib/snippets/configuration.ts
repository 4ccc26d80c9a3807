/**
 * A cluster configuration as data: what a topology consists of, each choice with its reason.
 * `render-crm.ts` and `render-pcs.ts` turn it into the words of either tool.
 */
export interface Configuration {
  /** What the reader must know or do first, one paragraph each. */
  readonly notes: readonly string[]
  readonly resources: readonly Resource[]
  readonly constraints: readonly Constraint[]
  readonly properties: readonly Setting[]
}

/** One name with its value. The reason is left out where the value is the user's own, or an ordinary one. */
export interface Setting {
  readonly name: string
  readonly value: string
  readonly because?: string
}

export interface Operation {
  readonly name: string
  readonly timeoutSeconds: number
  readonly intervalSeconds?: number
  readonly role?: 'Promoted' | 'Unpromoted'
  readonly because?: string
}

export interface Resource {
  readonly id: string
  /** Standard, provider and type: `ocf:heir:mysql`. */
  readonly agent: string
  readonly because: string
  readonly parameters: readonly Setting[]
  readonly operations: readonly Operation[]
  readonly meta: readonly Setting[]
  /** The promotable clone around it, when it is to run on several nodes. */
  readonly promotable?: { readonly id: string; readonly meta: readonly Setting[] }
}

export type Score = number | 'INFINITY' | '-INFINITY'

/** What is done to a resource. */
export interface Act {
  readonly action: 'start' | 'stop' | 'promote' | 'demote'
  readonly resource: string
}

export type Constraint = { readonly id: string; readonly because: string } & (
  | {
      readonly kind: 'location'
      readonly resource: string
      readonly score: Score
      /** An expression over node attributes, in the words that crm and pcs share. */
      readonly rule: string
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
  /** One way only: what undoes the two actions is not ordered. */
  | { readonly kind: 'order'; readonly first: Act; readonly second: Act }
)
