import { expect, test } from 'vitest'
import { OCF } from '../../agent/exit-code.ts'
import { PARAMETERS } from '../../agent/parameter-table.ts'
import type { Parameter } from '../../agent/parameter-type.ts'
import { type ParameterName, parseParameters, salvageParameters } from '../../agent/parameters.ts'

type Settings = Partial<Record<ParameterName, string>>

const environment = (settings: Settings) =>
  Object.fromEntries(Object.entries(settings).map(([name, text]) => [`OCF_RESKEY_${name}`, text]))

const parse = (settings: Settings) => parseParameters(environment(settings))

/** The parameters when they are right, the sentence when they are not. */
function parsed(settings: Settings) {
  const answer = parse(settings)
  if (!answer.ok) throw new Error(answer.because)
  return answer.parameters
}

const warnings = (settings: Settings) => {
  const answer = parse(settings)
  return answer.ok ? answer.warnings : [answer.because]
}

const NO_PATH = 'is not an absolute path: begin it with / and use printable characters only'
const NO_SWITCH = 'is neither true nor false: use "true" or "false"'
const NO_NAME = 'is not a name of a user or group: use up to 32 letters, digits, "_", "-" and "."'
const NO_ATTRIBUTE = 'is not an attribute name: use up to 80 letters, digits, "_", "-" and ".", a letter first'
const NO_PORT = 'is not a TCP port: use a whole number from 1 to 65535'
const NO_LAG = 'is not a number of seconds: use a whole number from 0 to 31536000'

const NO_TABLE = 'is not the name of a table: write database.table, in letters, digits, "_" and "$"'
const NO_SITE = 'is no address with a port: write it as 10.1.0.100:3306, or [fd00::100]:3306'
const NO_TICKET = 'is no name of a ticket: use up to 63 letters, digits, "_", "-" and ".", a letter first'

const badPaths = (name: ParameterName): readonly Bad[] => [
  [name, 'relative/path', `${name} "relative/path" ${NO_PATH}`],
  [name, '/with\nbreak', `${name} "/with\\nbreak" ${NO_PATH}`],
  [name, ' /with/space', `${name} " /with/space" ${NO_PATH}`],
  [name, '/a/../b', `${name} "/a/../b" goes up with "..": write the path that it leads to`],
  [name, '//', `${name} "//" is the root directory: name a file or directory below it`],
]

type Bad = readonly [name: ParameterName, text: string, sentence: string]

const BAD: readonly Bad[] = [
  ...badPaths('binary'),
  ...badPaths('config'),
  ...badPaths('datadir'),
  ...badPaths('socket'),
  ['socket', `/${'s'.repeat(107)}`, `socket "/${'s'.repeat(79)}…" has more than 107 bytes: use a shorter path`],
  ...badPaths('pid'),
  ...badPaths('log'),
  ['user', 'my sql', `user "my sql" ${NO_NAME}`],
  ['user', '-mysql', `user "-mysql" ${NO_NAME}`],
  ['user', 'u'.repeat(33), `user "${'u'.repeat(33)}" ${NO_NAME}`],
  ['group', 'mysql:mysql', `group "mysql:mysql" ${NO_NAME}`],
  ['group', '27', `group "27" ${NO_NAME}`],
  ...badPaths('credentials'),
  ['replication_port', '0', `replication_port "0" ${NO_PORT}`],
  ['replication_port', '65536', `replication_port "65536" ${NO_PORT}`],
  ['replication_port', 'mysql', `replication_port "mysql" ${NO_PORT}`],
  ['replication_port', '3306.5', `replication_port "3306.5" ${NO_PORT}`],
  ['replication_port', '0x10', `replication_port "0x10" ${NO_PORT}`],
  ['replication_port', '-1', `replication_port "-1" ${NO_PORT}`],
  ['replication_require_ssl', 'maybe', `replication_require_ssl "maybe" ${NO_SWITCH}`],
  ['replication_require_ssl', '2', `replication_require_ssl "2" ${NO_SWITCH}`],
  ...badPaths('replication_master_ssl_ca'),
  ...badPaths('replication_master_ssl_cert'),
  ...badPaths('replication_master_ssl_key'),
  ['on_diverged', 'ignore', 'on_diverged "ignore" is not possible: use quarantine or reseed'],
  ['topology', 'ring', 'topology "ring" is not possible: use single-primary or multi-primary'],
  ['durability', 'paranoid', 'durability "paranoid" is not possible: use strict or available or async'],
  ['acks', '0', 'acks "0" is not a number of replicas: use a whole number from 1 to 65535'],
  ['acks', 'all', 'acks "all" is not a number of replicas: use a whole number from 1 to 65535'],
  ['max_replica_lag', '-1', `max_replica_lag "-1" ${NO_LAG}`],
  ['max_replica_lag', '60s', `max_replica_lag "60s" ${NO_LAG}`],
  ['max_replica_lag', '99999999999999999999', `max_replica_lag "99999999999999999999" ${NO_LAG}`],
  [
    'preferred_nodes',
    'alpha, -beta',
    'preferred_nodes "alpha, -beta" names "-beta", which is no host name: write the nodes as alpha,beta',
  ],
  ['preferred_nodes', 'alpha,beta,alpha', 'preferred_nodes "alpha,beta,alpha" names alpha twice: name each node once'],
  ['failback_after', '0', 'failback_after "0" is not a number of seconds: use a whole number from 10 to 86400'],
  ['reader_return_lag', '1.5', `reader_return_lag "1.5" ${NO_LAG}`],
  ['heartbeat_table', 'heartbeat', `heartbeat_table "heartbeat" ${NO_TABLE}`],
  ['heartbeat_table', 'a.b.c', `heartbeat_table "a.b.c" ${NO_TABLE}`],
  ['heartbeat_table', '`a`.b', `heartbeat_table "\`a\`.b" ${NO_TABLE}`],
  ...badPaths('backup_lockfile'),
  ...badPaths('post_promote_script'),
  [
    'post_promote_timeout',
    '0',
    'post_promote_timeout "0" is not a number of seconds: use a whole number from 1 to 3600',
  ],
  ['backup_max_seconds', '0', `backup_max_seconds "0" ${NO_LAG.replace('0 to', '1 to')}`],
  ['reader_attribute', '9lives', `reader_attribute "9lives" ${NO_ATTRIBUTE}`],
  ['reader_attribute', 'a b', `reader_attribute "a b" ${NO_ATTRIBUTE}`],
  ['reader_attribute', '#uname', `reader_attribute "#uname" ${NO_ATTRIBUTE}`],
  [
    'reader_attribute',
    'standby',
    'reader_attribute "standby" is an attribute of Pacemaker itself: choose another name, such as "readable"',
  ],
  [
    'reader_attribute',
    'master-db',
    'reader_attribute "master-db" is an attribute of Pacemaker itself: choose another name, such as "readable"',
  ],
  [
    'additional_parameters',
    "--x='y",
    `additional_parameters "--x='y" has an open quote or ends in a backslash: close the quote`,
  ],
  ['gtid', 'on', 'gtid "on" is not possible: use auto or off'],
  ['gtid', 'OFF', 'gtid "OFF" is not possible: use auto or off'],
  [
    'replication_user',
    'a\u0000b',
    'replication_user "a\\u0000b" contains a line break or control character: remove it',
  ],
  [
    'replication_user',
    'u'.repeat(81),
    `replication_user "${'u'.repeat(80)}…" has more than 80 characters: choose a shorter one`,
  ],
  ['replication_passwd', 'x\ny', 'replication_passwd contains a line break or control character: remove it'],
  ['replication_passwd', 'x'.repeat(33), 'replication_passwd has more than 32 characters: choose a shorter one'],
  ['site_source', '10.1.0.100', `site_source "10.1.0.100" ${NO_SITE}`],
  ['site_source', 'fd00::1:3306', `site_source "fd00::1:3306" ${NO_SITE}`],
  ['site_source', '10.1.0.100:0', `site_source "10.1.0.100:0" ${NO_SITE}`],
  ['site_ticket', 'a b', `site_ticket "a b" ${NO_TICKET}`],
  ['max_slave_lag', 'long', `max_slave_lag "long" ${NO_LAG}`],
]

test.each(BAD)('%s %j is refused with one sentence', (name, text, because) => {
  expect(parse({ [name]: text })).toEqual({ ok: false, because, exit: OCF.ERR_CONFIGURED })
})

test('every parameter that can be wrong has its bad values in this table', () => {
  const harmless = Object.entries<Parameter<unknown>>(PARAMETERS)
    .filter(([, { deprecated }]) => deprecated?.advice.startsWith('has no effect'))
    .map(([name]) => name)
  const tested = new Set([...BAD.map(([name]) => name), ...harmless])
  expect([...tested].sort()).toEqual(Object.keys(PARAMETERS).sort())
})

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

test('several bad values are named together', () => {
  const because = `datadir "x" ${NO_PATH}; gtid "on" is not possible: use auto or off`
  expect(parse({ gtid: 'on', datadir: 'x' })).toMatchObject({ because })
})

test('no sentence shows a secret', () => {
  const secret = 'very-secret-very-secret-very-secret-very-secret'
  const because = 'replication_passwd has more than 32 characters: choose a shorter one'
  expect(parse({ replication_passwd: secret })).toMatchObject({ because })
  expect(warnings({ test_passwd: secret }).join()).not.toContain(secret)
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
