import type { Parameters } from './parameters.ts'

/** Paths that must differ from each other. */
const PATHS = [
  'binary',
  'config',
  'datadir',
  'socket',
  'pid',
  'log',
  'credentials',
  'backup_lockfile',
  'post_promote_script',
] as const

/** What makes parameters that are right one by one wrong together; each answers a sentence, or undefined. */
const RULES: readonly ((parameters: Parameters) => string | undefined)[] = [
  parameters => {
    const names = PATHS.filter(name => parameters[name] !== undefined)
    const twin = names.find(name => names.some(other => other !== name && parameters[other] === parameters[name]))
    const other = names.findLast(name => twin !== undefined && parameters[name] === parameters[twin])
    return twin && `${twin} and ${other} are both "${parameters[twin]}": give each a path of its own`
  },
  ({ replication_master_ssl_cert: cert, replication_master_ssl_key: key }) =>
    cert !== undefined && key === undefined
      ? 'replication_master_ssl_cert is set without its key: set replication_master_ssl_key as well'
      : undefined,
  ({ replication_master_ssl_cert: cert, replication_master_ssl_key: key }) =>
    key !== undefined && cert === undefined
      ? 'replication_master_ssl_key is set without its certificate: set replication_master_ssl_cert as well'
      : undefined,
  ({ replication_user, replication_passwd, credentials }) =>
    replication_passwd !== undefined && replication_user === undefined && credentials === undefined
      ? 'replication_passwd is set without replication_user: put both into the file named by credentials'
      : undefined,
  ({ topology, gtid }) =>
    topology === 'multi-primary' && gtid === 'off'
      ? 'topology multi-primary needs GTIDs, and gtid is off: set gtid to auto'
      : undefined,
  ({ topology, on_diverged }) =>
    topology === 'multi-primary' && on_diverged === 'reseed'
      ? 'topology multi-primary rebuilds no instance by itself, since each holds writes of its own: set on_diverged to quarantine'
      : undefined,
  ({ topology, acks }) =>
    topology === 'multi-primary' && acks > 1
      ? `acks is ${acks}, and each instance of a pair has one replica: set acks to 1`
      : undefined,
  ({ topology, site_source }) =>
    topology === 'multi-primary' && site_source !== undefined
      ? 'topology multi-primary follows no other site: remove site_source and site_ticket'
      : undefined,
  ({ topology, heartbeat_table }) =>
    topology === 'multi-primary' && heartbeat_table !== undefined
      ? 'heartbeat_table shows the age of one source alone, and topology multi-primary has two: remove it'
      : undefined,
  ({ topology, backup_lockfile }) =>
    topology === 'multi-primary' && backup_lockfile !== undefined
      ? 'backup_lockfile takes a replica from its readers, and topology multi-primary has none: remove it'
      : undefined,
  ({ topology, failback_after }) =>
    topology === 'multi-primary' && failback_after !== undefined
      ? 'failback_after is about a single source: for the address use --prefer and --failback of "heir configure"'
      : undefined,
  ({ topology, preferred_nodes }) =>
    topology === 'multi-primary' && preferred_nodes.length > 0
      ? 'preferred_nodes chooses who is promoted, and in topology multi-primary both are: prefer a node for the address'
      : undefined,
  ({ preferred_nodes, failback_after }) =>
    failback_after !== undefined && preferred_nodes.length === 0
      ? 'failback_after is set, and no node is preferred: set preferred_nodes as well'
      : undefined,
  ({ max_replica_lag, max_slave_lag }) =>
    max_slave_lag !== undefined && max_slave_lag !== max_replica_lag
      ? `max_slave_lag ${max_slave_lag} contradicts max_replica_lag ${max_replica_lag}: remove max_slave_lag`
      : undefined,
  ({ site_source, site_ticket }) =>
    (site_source === undefined) === (site_ticket === undefined)
      ? undefined
      : `${site_source === undefined ? 'site_ticket' : 'site_source'} is set alone: set site_source and site_ticket, or neither`,
  ({ site_source, gtid }) =>
    site_source !== undefined && gtid === 'off'
      ? 'site_source follows another site by GTID, and gtid is off: set gtid to auto'
      : undefined,
  ({ max_replica_lag, reader_return_lag }) =>
    reader_return_lag !== undefined && reader_return_lag > max_replica_lag
      ? `reader_return_lag ${reader_return_lag} is more than max_replica_lag ${max_replica_lag}, at which readers leave: lower it`
      : undefined,
]

/** The first contradiction between parameters as one sentence; undefined when they agree. */
export function disagreement(parameters: Parameters): string | undefined {
  for (const rule of RULES) {
    const sentence = rule(parameters)
    if (sentence !== undefined) return sentence
  }
  return undefined
}

/** One is written with every monitor of the source, by default every 3 s, and read with the next one of a replica. */
const HEARTBEATS_SECONDS = 10

/** What is not wrong, and yet hardly what the user means. */
export function remarks(parameters: Parameters): readonly string[] {
  const unused = (['ca', 'cert', 'key'] as const)
    .map(part => `replication_master_ssl_${part}` as const)
    .filter(name => !parameters.replication_require_ssl && parameters[name] !== undefined)
    .map(name => `${name} has no effect while replication_require_ssl is false: set replication_require_ssl to true`)
  const shadowed = (['replication_user', 'replication_passwd'] as const)
    .filter(name => parameters.credentials !== undefined && parameters[name] !== undefined)
    .map(name => `${name} has no effect beside credentials: remove it`)
  const hasty =
    parameters.heartbeat_table !== undefined && parameters.max_replica_lag < HEARTBEATS_SECONDS
      ? [
          `max_replica_lag ${parameters.max_replica_lag} is less than heartbeats may be apart: set it to ${HEARTBEATS_SECONDS} or more`,
        ]
      : []
  return [...unused, ...shadowed, ...hasty]
}
