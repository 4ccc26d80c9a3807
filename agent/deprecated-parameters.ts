import { type Description, integer, line, optional, type Parameter, stringParameter } from './parameter-type.ts'

/** A parameter of an older agent that is accepted, so that a resource can change its agent, and does nothing here. */
const obsolete = (short: string, because: string, secret?: Pick<Description, 'secret'>): Parameter<string> =>
  stringParameter(
    {
      ...secret,
      short,
      long: `No effect: ${because}.`,
      deprecated: { replacedWith: [], advice: `has no effect, since ${because}: remove it` },
    },
    text => ({ value: text }),
  )

/** Names that the older agents use: the first ones still work, the others are tolerated. */
export const DEPRECATED_PARAMETERS = {
  replication_user: optional(
    line(
      {
        short: 'Replication account (old place)',
        long: 'Account with which replicas connect to the source. The file named by credentials is the place for it.',
        deprecated: {
          replacedWith: ['credentials'],
          advice: 'is deprecated: move it to the file named by credentials',
        },
      },
      80, // MariaDB; MySQL takes 32
    ),
  ),
  replication_passwd: optional(
    line(
      {
        secret: true,
        short: 'Password of the replication account (old place)',
        long: 'Password of replication_user, readable by everyone who may read the cluster configuration. The file named by credentials is the place for it.',
        deprecated: {
          replacedWith: ['credentials'],
          advice: 'is deprecated: move it to the file named by credentials',
        },
      },
      32, // "CHANGE REPLICATION SOURCE TO" takes no more
    ),
  ),
  max_slave_lag: optional(
    integer(
      {
        reloadable: true,
        short: 'Old name of max_replica_lag',
        long: 'Old name of max_replica_lag.',
        deprecated: { replacedWith: ['max_replica_lag'], advice: 'is the old name of max_replica_lag: rename it' },
      },
      { min: 0, max: 31_536_000, unit: 'number of seconds' },
    ),
  ),
  client_binary: obsolete('Client program', 'the agent talks to the server itself'),
  test_table: obsolete('Table for monitor', 'monitor reads the state of the server and no table'),
  test_user: obsolete('Account for monitor', 'the agent uses the account in the file named by credentials'),
  test_passwd: obsolete('Password for monitor', 'the agent uses the account in the file named by credentials', {
    secret: true,
  }),
  enable_creation: obsolete('Create missing databases', 'the agent never initializes a data directory by itself'),
  node_list: obsolete('Nodes of the resource', 'the agent learns its nodes from the cluster'),
  evict_outdated_slaves: obsolete(
    'Stop lagging replicas',
    'a lagging replica keeps running and only loses its readers',
  ),
} as const
