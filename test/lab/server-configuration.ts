import type { FlavourName } from '../../lib/mysql/server-facts.ts'

const COMMON = ['bind_address=0.0.0.0', 'log_bin=binlog', 'sync_binlog=1', 'innodb_flush_log_at_trx_commit=1']

const OWN: Record<FlavourName, readonly string[]> = {
  mariadb: ['log_slave_updates=ON', 'gtid_strict_mode=ON'],
  mysql: ['gtid_mode=ON', 'enforce_gtid_consistency=ON', 'mysqlx=OFF'],
}

/** A plain configuration for replication, for clusters that bring none of their own. */
export function plainConfiguration(flavour: FlavourName): string {
  return `${['[mysqld]', ...COMMON, ...OWN[flavour]].join('\n')}\n`
}

/** What turns GTIDs off again, whatever the configuration says. MariaDB has them always; there it is a matter of how a replica asks. */
export function withoutGtid(flavour: FlavourName): string[] {
  return flavour === 'mysql' ? ['gtid_mode=OFF', 'enforce_gtid_consistency=OFF'] : []
}
