import type { FlavourName } from '../../lib/mysql/server-facts.ts'

/** One line of the server's configuration file, and why it is there. */
export interface ServerSetting {
  readonly name: string
  readonly value: string
  readonly because: string
  /** The only flavour that knows it. */
  readonly only?: FlavourName
}

/** What distinguishes the server of one node from all others. */
export const identity = (node: string, nodes: readonly string[], firstId: number): readonly ServerSetting[] => [
  {
    name: 'server_id',
    value: String(nodes.indexOf(node) + firstId),
    because: 'no two servers may have the same: it is the place of the node in --nodes, so add new nodes at the end',
  },
  { name: 'report_host', value: node, because: 'the source lists its replicas by this name' },
]

/** What keeps apart what two servers write which replicate from each other. */
export const pairSettings = (node: string, nodes: readonly string[]): readonly ServerSetting[] => [
  {
    name: 'auto_increment_increment',
    value: String(nodes.length),
    because:
      'keys that a server makes by itself are a whole round apart, so that there is room for those of the other one',
  },
  {
    name: 'auto_increment_offset',
    value: String(nodes.indexOf(node) + 1),
    because: 'and each server begins at its own place in the round',
  },
  {
    name: 'gtid_domain_id',
    value: String(nodes.indexOf(node) + 1),
    only: 'mariadb',
    because: 'each source writes a history of its own: in one domain the transactions of two would be out of order',
  },
]

/** What every server of a cluster has in common. The agent gives read-only and the like on the command line as well. */
export const SERVER_SETTINGS: readonly ServerSetting[] = [
  { name: 'bind_address', value: '*', because: 'replicas come over the network; distributions often set 127.0.0.1' },
  {
    name: 'log_bin',
    value: 'binlog',
    because: 'any node may become the source; a name without the host survives a renamed host',
  },
  {
    name: 'relay_log',
    value: 'relay',
    because: 'by default it has the name of the host, and is lost when that changes',
  },
  {
    name: 'gtid_mode',
    value: 'ON',
    only: 'mysql',
    because: 'a replica finds its place in the binary logs of any source by itself',
  },
  { name: 'enforce_gtid_consistency', value: 'ON', only: 'mysql', because: 'gtid_mode demands it' },
  {
    name: 'log_replica_updates',
    value: 'ON',
    only: 'mysql',
    because: 'a promoted replica can hand on what it received',
  },
  {
    name: 'replica_preserve_commit_order',
    value: 'ON',
    only: 'mysql',
    because: 'a replica commits in the order of the source, so that what it executed has no holes',
  },
  {
    name: 'gtid_strict_mode',
    value: 'ON',
    only: 'mariadb',
    because: 'a transaction out of order stops replication instead of diverging silently',
  },
  {
    name: 'gtid_domain_id',
    value: '0',
    only: 'mariadb',
    because: 'one source at a time writes one history: the same domain on all nodes',
  },
  {
    name: 'log_slave_updates',
    value: 'ON',
    only: 'mariadb',
    because: 'a promoted replica can hand on what it received',
  },
  {
    name: 'binlog_format',
    value: 'ROW',
    only: 'mariadb',
    because: 'statements can have another effect on a replica; MySQL has no other format by default',
  },
  {
    name: 'plugin_load_add',
    value: 'semisync_source.so;semisync_replica.so;mysql_clone.so',
    only: 'mysql',
    because:
      'both sides of semi-synchronous replication are there from the start: a replica that connects before its source has them acknowledges nothing, and to install them the agent would have to lift super_read_only for a moment. With the last one a server can give its data to a node that is seeded',
  },
  {
    name: 'max_user_connections',
    value: '140',
    because:
      'commits that wait for a replica keep their connections, also when their clients have given up; replicas and the agent must still get in, and have accounts of their own. Keep it well below max_connections: raise both together',
  },
  {
    name: 'max_connections',
    value: '170',
    because: 'room for replicas, the agent and administrators beside the clients',
  },
  { name: 'sync_binlog', value: '1', because: 'a commit is on disk before it is acknowledged' },
  { name: 'innodb_flush_log_at_trx_commit', value: '1', because: 'the same for InnoDB; the two must not disagree' },
  {
    name: 'sync_relay_log',
    value: '1',
    only: 'mysql', // MariaDB throws its relay log away at a restart, so that its being on disk would save nothing
    because:
      'a replica acknowledges a transaction when it is in the relay log: by default that may still be in memory for 10000 events, and is gone when the replica loses power together with the source. The price is an fsync for each event: on a disk that takes 2 ms for one, more than half of the commits per second; a write cache that survives a power loss makes it small',
  },
  {
    name: 'slave_parallel_threads',
    value: '4',
    only: 'mariadb',
    because:
      'several transactions share an fsync on a replica as they do on the source; alone in turn they fall behind',
  },
  {
    name: 'relay_log_recovery',
    value: 'OFF',
    because: 'ON throws away what was received and not applied, which may be the last copy when the source is lost',
  },
  {
    name: 'replica_net_timeout',
    value: '10',
    only: 'mysql',
    because: 'a silent source is noticed after 10 s; by default after 60 s',
  },
  {
    name: 'slave_net_timeout',
    value: '10',
    only: 'mariadb',
    because: 'a silent source is noticed after 10 s; by default after 60 s',
  },
  {
    name: 'loose_rpl_semi_sync_slave_kill_conn_timeout',
    value: '1',
    only: 'mariadb',
    because: 'a replica stops its receiver 1 s after the source is gone; by default 5 s, which a promotion waits for',
  },
  {
    name: 'binlog_expire_logs_seconds',
    value: '604800',
    because:
      'a node that was away for less than a week catches up by itself; one that was away longer needs a new copy',
  },
  { name: 'read_only', value: 'ON', because: 'a server that is started by hand takes no writes either' },
  { name: 'super_read_only', value: 'ON', only: 'mysql', because: 'the same for administrators' },
  { name: 'skip_replica_start', value: 'ON', only: 'mysql', because: 'the agent decides whom to follow' },
  { name: 'skip_slave_start', value: 'ON', only: 'mariadb', because: 'the agent decides whom to follow' },
]
