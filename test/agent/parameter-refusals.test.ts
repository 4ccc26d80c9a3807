import { expect, test } from 'vitest'
import { OCF } from '../../agent/exit-code.ts'
import { PARAMETERS } from '../../agent/parameter-table.ts'
import type { Parameter } from '../../agent/parameter-type.ts'
import type { ParameterName } from '../../agent/parameters.ts'
import { parse, warnings } from './parameter-settings.ts'

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
