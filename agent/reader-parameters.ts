import { readHeartbeatTable } from './heartbeat-table.ts'
import { readNodeAttributeName } from './node-attribute-name.ts'
import { integer, optional, path, stringParameter } from './parameter-type.ts'

const SECONDS = { min: 0, max: 31_536_000, unit: 'number of seconds' } as const

/** The parameters that decide where clients may read. */
export const READER_PARAMETERS = {
  max_replica_lag: integer(
    {
      default: '60',
      reloadable: true,
      short: 'Lag at which a replica loses its readers',
      long: 'Seconds that a replica may be behind the source and still be marked as readable. A replica behind by more than that keeps running.',
    },
    SECONDS,
  ),
  reader_return_lag: optional(
    integer(
      {
        reloadable: true,
        short: 'Lag at which readers come back',
        long: 'Seconds that a replica which has lost its readers for its lag may be behind when they come back. Half of max_replica_lag when not set.',
      },
      SECONDS,
    ),
  ),
  heartbeat_table: optional(
    stringParameter(
      {
        reloadable: true,
        short: 'Table for heartbeats',
        long: 'Table, as database.table, into which the monitor of the source writes the time, and by whose age there the monitors of replicas tell their lag. Nothing is written and the servers tell the lag when not set. Create it on the source: CREATE TABLE database.table (server_id INT UNSIGNED PRIMARY KEY, at TIMESTAMP(6) NOT NULL) ENGINE = InnoDB.',
      },
      readHeartbeatTable,
    ),
  ),
  reader_attribute: stringParameter(
    {
      default: 'readable',
      uniqueGroup: 'reader_attribute',
      short: 'Node attribute for readers',
      long: 'Node attribute that is 1 where clients may read and 0 where they must not. Rules of reader addresses use it.',
    },
    readNodeAttributeName,
  ),
  backup_lockfile: optional(
    path({
      reloadable: true,
      short: 'Lock file of backups',
      long: 'File that is there while a backup runs on a node. That node serves no readers, is promoted only where no other one can be, and its applier is left alone where the backup has stopped it. The first line of the file may be the process id of the backup.',
    }),
  ),
  backup_max_seconds: integer(
    {
      default: '86400',
      reloadable: true,
      short: 'Age at which a backup lock is stale',
      long: 'Seconds after which the file named by backup_lockfile counts as left behind, and no more than a message is made of it. So it does at once when the process is gone whose id it holds.',
    },
    { ...SECONDS, min: 1 },
  ),
} as const
