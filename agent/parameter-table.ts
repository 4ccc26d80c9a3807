import { DEPRECATED_PARAMETERS } from './deprecated-parameters.ts'
import { boolean, integer, optional, osName, path, select, stringParameter } from './parameter-type.ts'
import { PREFERENCE_PARAMETERS } from './preference-parameters.ts'
import { READER_PARAMETERS } from './reader-parameters.ts'
import { readServerOptions } from './server-options.ts'
import { readSiteAddress, readTicket } from './site-address.ts'

/**
 * Every parameter of the agent (`OCF_RESKEY_*`): parsing, validation, meta-data and the manual all come from here.
 * Names are those of the older agents where the meaning is the same.
 */
export const PARAMETERS = {
  binary: optional(
    path({
      short: 'Server program',
      long: 'Path of mysqld or mariadbd itself, not of mysqld_safe. Found in the usual places when not set: /usr/sbin/mysqld, /usr/sbin/mariadbd, /usr/libexec/mysqld, /usr/libexec/mariadbd.',
    }),
  ),
  config: optional(
    path({
      short: 'Server configuration file',
      long: 'The only configuration file that the server reads. It reads its own default files when not set.',
    }),
  ),
  datadir: path({
    default: '/var/lib/mysql',
    uniqueGroup: 'datadir',
    short: 'Data directory',
    long: 'Directory that holds the databases. It must exist and be initialized.',
  }),
  socket: path(
    {
      default: '/run/mysqld/mysqld.sock',
      uniqueGroup: 'socket',
      short: 'Unix socket',
      long: 'Unix socket that the server listens on, and over which the agent talks to it.',
    },
    107, // sun_path of unix(7), less its final zero
  ),
  pid: path({
    default: '/run/mysqld/mysqld.pid',
    uniqueGroup: 'pid',
    short: 'Process id file',
    long: 'File into which the server writes its process id.',
  }),
  log: optional(
    path({
      short: 'Error log',
      long: 'File for the error log of the server. The configuration of the server decides when not set.',
    }),
  ),
  user: osName({
    default: 'mysql',
    short: 'User that runs the server',
    long: 'Operating system user under which the server runs. The data directory must belong to it.',
  }),
  group: osName({
    default: 'mysql',
    short: 'Group that runs the server',
    long: 'Operating system group of the directories that the agent makes for the socket and the process id file.',
  }),
  credentials: optional(
    path({
      short: 'File with accounts and passwords',
      long: 'Option file that only root may read, with the replication account in its section [replication] (user, password) and, where the server does not let root in over the socket without a password, the account of the agent in its section [agent]. Needed as soon as there is more than one node.',
    }),
  ),
  replication_port: integer(
    {
      default: '3306',
      short: 'Port for replicas',
      long: 'TCP port on which the replicas reach the server of this resource, on every node.',
    },
    { min: 1, max: 65535, unit: 'TCP port' },
  ),
  replication_require_ssl: boolean({
    default: 'false',
    short: 'Encrypt replication',
    long: 'Replicas connect with TLS only. Create the replication account with REQUIRE SSL as well.',
  }),
  replication_master_ssl_ca: optional(
    path({
      short: 'Certificate authority of the sources',
      long: 'File with the certificate authority against which a replica checks the source. Used with replication_require_ssl.',
    }),
  ),
  replication_master_ssl_cert: optional(
    path({
      short: 'Certificate of the replicas',
      long: 'File with the certificate that a replica shows to the source. Used with replication_require_ssl.',
    }),
  ),
  replication_master_ssl_key: optional(
    path({
      short: 'Private key of the replicas',
      long: 'File with the key that belongs to replication_master_ssl_cert.',
    }),
  ),
  topology: select(
    {
      default: 'single-primary',
      short: 'How many instances take writes',
      long: 'single-primary: one instance takes writes, the others replicate from it. multi-primary: two instances take writes and replicate from each other; the clone then needs promoted-max=2 and clone-max=2, and the servers GTIDs and keys that do not meet, as heir configure prints them.',
    },
    ['single-primary', 'multi-primary'],
  ),
  durability: select(
    {
      default: 'available',
      reloadable: true,
      short: 'When a commit returns',
      long: 'strict: when as many replicas as acks says have received it, however long that takes. available: the same while there are such replicas; without them the cluster is told that the source alone holds the writes, and then commits go on. async: as soon as it is on the source; a failover may lose the last writes.',
    },
    ['strict', 'available', 'async'],
  ),
  acks: integer(
    {
      default: '1',
      reloadable: true,
      short: 'Replicas that acknowledge a commit',
      long: 'How many replicas must have received a commit before its client has its answer. MariaDB waits for exactly one.',
    },
    { min: 1, max: 65535, unit: 'number of replicas' },
  ),
  on_diverged: select(
    {
      default: 'quarantine',
      reloadable: true,
      short: 'What becomes of data that differ',
      long: 'What happens to an instance that holds transactions which its source lacks, or needs binary logs that no node has any more. quarantine: it runs read-only, and waits for a person and heir rejoin. reseed: it gets the data of the cluster anew, and what only it holds is lost. Instances are never rebuilt while the source does not answer, nor when it was promoted without proof.',
    },
    ['quarantine', 'reseed'],
  ),
  ...PREFERENCE_PARAMETERS,
  ...READER_PARAMETERS,
  post_promote_script: optional(
    path({
      reloadable: true,
      short: 'Program to run after a promotion',
      long: 'Program that is run as root on the node of a new source, when it takes writes. The promotion does not wait for it, and does not fail with it. What it prints goes into the log. It must belong to root and be writable by nobody else, like the directories on its way. It gets no arguments; its environment has HEIR_RESOURCE, HEIR_NODE, HEIR_OLD_SOURCE (empty where there was none, or the same node), HEIR_EPOCH, HEIR_GTID, HEIR_LOG_FILE, HEIR_LOG_POSITION, HEIR_PORT and HEIR_SOCKET.',
    }),
  ),
  post_promote_timeout: integer(
    {
      default: '60',
      reloadable: true,
      short: 'Time for the program after a promotion',
      long: 'Seconds that the program named by post_promote_script may take. Then it is ended, with what it started.',
    },
    { min: 1, max: 3600, unit: 'number of seconds' },
  ),
  additional_parameters: stringParameter(
    {
      short: 'Further server options',
      long: 'Words to append to the command line of the server. Quotes and backslashes group as in a shell, nothing is expanded. Options that contradict the agent are refused.',
    },
    readServerOptions,
  ),
  gtid: select(
    {
      default: 'auto',
      short: 'Use of GTIDs',
      long: 'auto: replicas follow by GTID where the server has them switched on, else by binary log file and position. off: always by file and position.',
    },
    ['auto', 'off'],
  ),
  site_source: optional(
    stringParameter(
      {
        short: 'Writer address of another site',
        long: 'HOST:PORT at which the writers of another cluster at another site are reached, which holds the same data. While this site does not have the ticket site_ticket, nobody here is promoted, and all instances follow that address, with GTIDs and without acknowledging. The other site may name this one in turn.',
      },
      readSiteAddress,
    ),
  ),
  site_ticket: optional(
    stringParameter(
      {
        short: 'Ticket of the site that takes writes',
        long: 'Name of the ticket that Pacemaker must have before an instance is promoted. Needed with site_source. A constraint on the promoted role goes with it; heir configure prints it.',
      },
      readTicket,
    ),
  ),
  ...DEPRECATED_PARAMETERS,
} as const
