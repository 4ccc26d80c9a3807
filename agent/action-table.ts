/** What Pacemaker can ask of the agent, as it is advertised: the timeouts and intervals are proposals to the user. */
export interface AdvertisedAction {
  readonly name: string
  readonly timeoutSeconds: number
  /** Only for monitor: how often it runs. Pacemaker refuses the same interval for two roles. */
  readonly intervalSeconds?: number
  readonly role?: 'Promoted' | 'Unpromoted'
  /** What the action does, in one sentence for the manual. */
  readonly summary: string
  /** Why these times; front ends that write a configuration repeat it there. */
  readonly because: string
}

/** Every action of the agent, in the order in which the manual and the meta-data name them. */
export const ACTIONS = [
  {
    name: 'start',
    timeoutSeconds: 300,
    summary: 'Starts the server read-only and without replication, then makes it follow the source on record.',
    because: 'InnoDB recovery of a crashed server takes minutes when its redo log is large',
  },
  {
    name: 'stop',
    timeoutSeconds: 120,
    summary: 'Closes writes, shuts the server down, kills it when it does not end, and checks that nothing is left.',
    because: 'a stop that takes longer is fenced, and a large buffer pool takes its time to be written',
  },
  {
    name: 'monitor',
    timeoutSeconds: 20,
    intervalSeconds: 15,
    summary: 'Says whether the server runs and in which role, and renews the promotion score and the reader attribute.',
    because: 'for a resource that is no clone; 15 s, so that it differs from both roles',
  },
  {
    name: 'monitor',
    timeoutSeconds: 20,
    intervalSeconds: 3,
    role: 'Promoted',
    summary: 'The same where writes are taken.',
    because:
      'the death of a source is reported when it happens; one that hangs is looked at 1.5 s later on average, for about 2 % of one core',
  },
  {
    name: 'monitor',
    timeoutSeconds: 20,
    intervalSeconds: 10,
    role: 'Unpromoted',
    summary: 'The same on a replica.',
    because: 'a replica that falls behind loses its readers within 10 s, and no interval may be that of another role',
  },
  {
    name: 'promote',
    timeoutSeconds: 300,
    summary:
      'Applies everything that the replica received, records the new source in the cluster, and opens writes last.',
    because: 'a replica first applies all that it received, which takes as long as it is behind',
  },
  {
    name: 'demote',
    timeoutSeconds: 120,
    summary: 'Closes writes, cuts the client sessions, and checks that nothing can be written any more.',
    because: 'sessions in the middle of a large transaction take long to roll back',
  },
  {
    name: 'notify',
    timeoutSeconds: 60,
    summary: 'Before a promotion publishes what this replica holds; after one follows the new source.',
    because: 'it only stops and starts replication; a slow one must not hold up the promotion for longer',
  },
  {
    name: 'reload-agent',
    timeoutSeconds: 20,
    summary: 'Takes over changed reloadable parameters without touching the server.',
    because: 'it only checks the parameters; the next monitor uses them',
  },
  {
    name: 'validate-all',
    timeoutSeconds: 20,
    summary: 'Checks the parameters; at OCF_CHECK_LEVEL 10 and above also the machine.',
    because: 'it looks at files and accounts, which a directory service may hold',
  },
  {
    name: 'meta-data',
    timeoutSeconds: 5,
    summary: 'Prints the description of the agent as XML.',
    because: 'it looks at nothing',
  },
] as const satisfies readonly AdvertisedAction[]
