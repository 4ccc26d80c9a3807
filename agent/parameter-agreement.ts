import type { Parameters } from './parameters.ts'

/** Paths that must differ from each other. */
const PATHS = ['binary', 'config', 'datadir', 'socket', 'pid', 'log', 'credentials'] as const

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
]

/** The first contradiction between parameters as one sentence; undefined when they agree. */
export function disagreement(parameters: Parameters): string | undefined {
  for (const rule of RULES) {
    const sentence = rule(parameters)
    if (sentence !== undefined) return sentence
  }
  return undefined
}

/** What is not wrong, and yet hardly what the user means. */
export function remarks(parameters: Parameters): readonly string[] {
  const unused = (['ca', 'cert', 'key'] as const)
    .map(part => `replication_master_ssl_${part}` as const)
    .filter(name => !parameters.replication_require_ssl && parameters[name] !== undefined)
    .map(name => `${name} has no effect while replication_require_ssl is false: set replication_require_ssl to true`)
  const shadowed = (['replication_user', 'replication_passwd'] as const)
    .filter(name => parameters.credentials !== undefined && parameters[name] !== undefined)
    .map(name => `${name} has no effect beside credentials: remove it`)
  return [...unused, ...shadowed]
}
