import { expect, test } from 'vitest'
import { OCF } from '../../agent/exit-code.ts'
import { PARAMETERS } from '../../agent/parameter-table.ts'
import type { Parameter } from '../../agent/parameter-type.ts'
import { parseParameters, salvageParameters } from '../../agent/parameters.ts'
import { environment, parse, parsed, type Settings, warnings } from './parameter-settings.ts'

test.each([
  ['--read-only', '--read-only, which is decided by the role: remove it'],
  ['--loose_skip-super_read_only=1', '--loose_skip-super_read_only, which is decided by the role: remove it'],
  ['--skip-replica-start=0', '--skip-replica-start, which is always given by the agent: remove it'],
  ['--disable-skip-slave-start', '--disable-skip-slave-start, which is always given by the agent: remove it'],
  ['--rpl_semi_sync_source_enabled=1', '--rpl_semi_sync_source_enabled, which is decided by the agent: remove it'],
  ['--init-rpl-role=SLAVE', '--init-rpl-role, which can delete acknowledged transactions: remove it'],
  ['--relay-log-recovery', '--relay-log-recovery, which throws away received transactions: remove it'],
  [
    '--tc-heuristic-recover=ROLLBACK',
    '--tc-heuristic-recover, which guesses the fate of prepared transactions: remove it',
  ],
  ['--skip-log-bin', '--skip-log-bin, which leaves replicas nothing to follow: remove it'],
  ['--skip-networking', '--skip-networking, which keeps replicas from connecting: remove it'],
  ['--port 3307 --datadir=/x', '--datadir, which has a parameter of its own: set datadir'],
  ['-h/x', '-h/x, which has a parameter of its own: set datadir'],
  ['--socket /x', '--socket, which has a parameter of its own: set socket'],
  ['--pid_file=/x', '--pid_file, which has a parameter of its own: set pid'],
  ['--log-error=/x', '--log-error, which has a parameter of its own: set log'],
  ['-u root', '-u, which has a parameter of its own: set user'],
  ['--defaults-file=/x', '--defaults-file, which picks the files to read: set config'],
  ['--daemonize', '--daemonize, which detaches the server from the agent: remove it'],
  ['--initialize-insecure', '--initialize-insecure, which runs no server: remove it'],
  ['--help', '--help, which runs no server: remove it'],
])('additional_parameters %j contradicts the agent', (text, fault) => {
  const because = `additional_parameters ${JSON.stringify(text)} contains ${fault}`
  expect(parse({ additional_parameters: text })).toEqual({ ok: false, because, exit: OCF.ERR_CONFIGURED })
})

test.each<[Settings, string]>([
  [{ socket: '/run/x', pid: '/run//x/' }, 'socket and pid are both "/run/x": give each a path of its own'],
  [{ datadir: '/d', credentials: '/d' }, 'datadir and credentials are both "/d": give each a path of its own'],
  [
    { replication_master_ssl_cert: '/c', replication_require_ssl: '1' },
    'replication_master_ssl_cert is set without its key: set replication_master_ssl_key as well',
  ],
  [
    { replication_master_ssl_key: '/k' },
    'replication_master_ssl_key is set without its certificate: set replication_master_ssl_cert as well',
  ],
  [
    { replication_passwd: 'geheim' },
    'replication_passwd is set without replication_user: put both into the file named by credentials',
  ],
  [
    { max_slave_lag: '10', max_replica_lag: '20' },
    'max_slave_lag 10 contradicts max_replica_lag 20: remove max_slave_lag',
  ],
  [{ site_source: '10.1.0.100:3306' }, 'site_source is set alone: set site_source and site_ticket, or neither'],
  [{ site_ticket: 'db-site' }, 'site_ticket is set alone: set site_source and site_ticket, or neither'],
  [
    { site_source: '10.1.0.100:3306', site_ticket: 'db-site', gtid: 'off' },
    'site_source follows another site by GTID, and gtid is off: set gtid to auto',
  ],
  [
    { max_replica_lag: '20', reader_return_lag: '21' },
    'reader_return_lag 21 is more than max_replica_lag 20, at which readers leave: lower it',
  ],
])('%j contradict each other', (settings, because) => {
  expect(parse(settings)).toEqual({ ok: false, because, exit: OCF.ERR_CONFIGURED })
})

test('nothing set gives the defaults and no warning', () => {
  expect(parse({})).toMatchObject({
    ok: true,
    warnings: [],
    parameters: {
      binary: undefined,
      config: undefined,
      datadir: '/var/lib/mysql',
      socket: '/run/mysqld/mysqld.sock',
      pid: '/run/mysqld/mysqld.pid',
      log: undefined,
      user: 'mysql',
      group: 'mysql',
      credentials: undefined,
      replication_port: 3306,
      replication_require_ssl: false,
      durability: 'available',
      acks: 1,
      on_diverged: 'quarantine',
      max_replica_lag: 60,
      reader_return_lag: undefined,
      heartbeat_table: undefined,
      backup_lockfile: undefined,
      backup_max_seconds: 86_400,
      post_promote_script: undefined,
      post_promote_timeout: 60,
      reader_attribute: 'readable',
      additional_parameters: [],
      gtid: 'auto',
    },
  })
})

test('an empty value is as good as none', () => {
  expect(parsed({ datadir: '', replication_port: '' })).toEqual(parsed({}))
})

test('variables that are no parameters are ignored', () => {
  const env = { OCF_RESKEY_CRM_meta_timeout: '20000', OCF_RESKEY_nonsense: 'x', PATH: '' }
  expect(parseParameters(env)).toEqual(parse({}))
})

test.each([
  ['yes', true],
  ['TRUE', true],
  ['1', true],
  ['on', true],
  ['no', false],
  ['False', false],
  ['0', false],
  ['off', false],
])('replication_require_ssl takes %s', (text, value) => {
  expect(parsed({ replication_require_ssl: text }).replication_require_ssl).toBe(value)
})

test('words for the server are split as a shell would', () => {
  expect(parsed({ additional_parameters: `--port=3307 --init-connect='SET x=1'` }).additional_parameters).toEqual([
    '--port=3307',
    '--init-connect=SET x=1',
  ])
})

test('the table for heartbeats is a database and a table', () => {
  expect(parsed({ heartbeat_table: 'heir.heartbeat' }).heartbeat_table).toEqual({
    database: 'heir',
    table: 'heartbeat',
  })
})

test('a limit for lag that heartbeats cannot keep is remarked upon', () => {
  const sentence = 'max_replica_lag 5 is less than heartbeats may be apart: set it to 10 or more'
  expect(warnings({ heartbeat_table: 'a.b', max_replica_lag: '5' })).toEqual([sentence])
  expect(warnings({ max_replica_lag: '5' })).toEqual([])
})

test('double and trailing slashes make no difference', () => {
  expect(parsed({ datadir: '/srv//mysql/' }).datadir).toBe('/srv/mysql')
})

test('max_slave_lag still works under its old name', () => {
  expect(parsed({ max_slave_lag: '10' }).max_replica_lag).toBe(10)
  expect(warnings({ max_slave_lag: '10' })).toEqual(['max_slave_lag is the old name of max_replica_lag: rename it'])
})

test('an account in the old place still works', () => {
  const settings = { replication_user: 'repl', replication_passwd: 'geheim' }
  expect(parsed(settings)).toMatchObject(settings)
  expect(warnings(settings)).toEqual([
    'replication_user is deprecated: move it to the file named by credentials',
    'replication_passwd is deprecated: move it to the file named by credentials',
  ])
})

test.each<[Settings, string]>([
  [{ node_list: 'a b' }, 'node_list has no effect, since the agent learns its nodes from the cluster: remove it'],
  [{ credentials: '/c', replication_user: 'r' }, 'replication_user has no effect beside credentials: remove it'],
  [
    { replication_master_ssl_ca: '/ca' },
    'replication_master_ssl_ca has no effect while replication_require_ssl is false: set replication_require_ssl to true',
  ],
])('%j is accepted with a warning', (settings, warning) => {
  expect(warnings(settings)).toContain(warning)
})

test('stop gets its parameters whatever else is wrong', () => {
  const settings: Settings = { datadir: '/d', max_replica_lag: 'x', gtid: 'y', replication_passwd: 'z' }
  expect(salvageParameters(environment(settings))).toMatchObject({ datadir: '/d', max_replica_lag: 60, gtid: 'auto' })
})

test.each<Settings>([{ datadir: 'd' }, { socket: 's' }, { pid: 'p' }])(
  'stop gets no parameters when %j leaves the server unknown',
  settings => {
    expect(salvageParameters(environment(settings))).toBeUndefined()
  },
)

test('every default is a value that its parameter takes', () => {
  for (const [name, parameter] of Object.entries<Parameter<unknown>>(PARAMETERS)) {
    expect(parameter.read(parameter.default), name).toHaveProperty('value')
  }
})
