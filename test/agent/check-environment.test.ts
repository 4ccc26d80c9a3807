import { expect, test } from 'vitest'
import { checkEnvironment, type EnvironmentFacts } from '../../agent/check-environment.ts'
import { OCF } from '../../agent/exit-code.ts'
import { parseParameters } from '../../agent/parameters.ts'
import type { FileFacts } from '../../lib/system/file-facts.ts'

const MYSQL = 27

const parameters = (env: Record<string, string> = {}) => {
  const answer = parseParameters({ OCF_RESKEY_credentials: '/etc/heir.cnf', OCF_RESKEY_config: '/etc/my.cnf', ...env })
  if (!answer.ok) throw new Error(answer.because)
  return answer.parameters
}

const file = (change: Partial<FileFacts> = {}): FileFacts => ({
  kind: 'file',
  uid: 0,
  gid: 0,
  mode: 0o644,
  executable: false,
  ...change,
})

const facts = (change: Partial<EnvironmentFacts> = {}): EnvironmentFacts => ({
  binary: { path: '/usr/sbin/mysqld', file: file({ mode: 0o755, executable: true }) },
  config: file(),
  datadir: file({ kind: 'directory', uid: MYSQL, mode: 0o700 }),
  credentials: file({ mode: 0o600 }),
  tls: new Map(),
  hookComplaint: undefined,
  userId: MYSQL,
  groupId: MYSQL,
  ...change,
})

test('a machine with everything in place is good', () => {
  expect(checkEnvironment(parameters(), facts())).toBeUndefined()
})

test.each<[Partial<EnvironmentFacts>, string, number]>([
  [
    { hookComplaint: '/hook is not executable: chmod 755 /hook' },
    'post_promote_script /hook is not executable: chmod 755 /hook',
    OCF.ERR_PERM,
  ],
  [{ binary: undefined }, 'no mysqld or mariadbd is in its usual place: install one, or set binary', OCF.ERR_INSTALLED],
  [
    { binary: { path: '/usr/sbin/mysqld', file: undefined } },
    'binary /usr/sbin/mysqld does not exist: install it',
    OCF.ERR_INSTALLED,
  ],
  [
    { binary: { path: '/usr/sbin/mysqld', file: file() } },
    'binary /usr/sbin/mysqld is not an executable file: set binary to mysqld or mariadbd itself',
    OCF.ERR_INSTALLED,
  ],
  [
    { binary: { path: '/usr/sbin', file: file({ kind: 'directory', executable: true }) } },
    'binary /usr/sbin is not an executable file: set binary to mysqld or mariadbd itself',
    OCF.ERR_INSTALLED,
  ],
  [{ config: undefined }, 'config /etc/my.cnf is not a file: create it, or correct config', OCF.ERR_INSTALLED],
  [
    { config: file({ mode: 0o666 }) },
    'config /etc/my.cnf is writable by everyone, so that the server ignores it: chmod o-w /etc/my.cnf',
    OCF.ERR_PERM,
  ],
  [{ userId: undefined }, 'user mysql does not exist: create it, or correct user', OCF.ERR_INSTALLED],
  [{ groupId: undefined }, 'group mysql does not exist: create it, or correct group', OCF.ERR_INSTALLED],
  [
    { datadir: undefined },
    'datadir /var/lib/mysql is not a directory: mount or create it, or correct datadir',
    OCF.ERR_INSTALLED,
  ],
  [
    { datadir: file({ kind: 'directory' }) },
    'datadir /var/lib/mysql does not belong to mysql: chown -R mysql /var/lib/mysql, or correct user',
    OCF.ERR_INSTALLED,
  ],
  [
    { credentials: undefined },
    'credentials /etc/heir.cnf is not a file: create it, or correct credentials',
    OCF.ERR_INSTALLED,
  ],
  [
    { credentials: file({ mode: 0o640 }) },
    'credentials /etc/heir.cnf can be read by others than root: chown root /etc/heir.cnf and chmod 600 /etc/heir.cnf',
    OCF.ERR_PERM,
  ],
  [
    { credentials: file({ mode: 0o600, uid: MYSQL }) },
    'credentials /etc/heir.cnf can be read by others than root: chown root /etc/heir.cnf and chmod 600 /etc/heir.cnf',
    OCF.ERR_PERM,
  ],
  [
    { tls: new Map([['/etc/ca.pem', undefined]]) },
    '/etc/ca.pem is not a file: create it, or correct the parameter replication_master_ssl_* that names it',
    OCF.ERR_INSTALLED,
  ],
])('%j stands in the way', (change, because, exit) => {
  expect(checkEnvironment(parameters(), facts(change))).toEqual({ because, exit })
})

test('a binary that the parameter names wrongly is to be corrected, not installed', () => {
  const named = parameters({ OCF_RESKEY_binary: '/opt/mysqld' })
  expect(checkEnvironment(named, facts({ binary: { path: '/opt/mysqld', file: undefined } }))).toEqual({
    because: 'binary /opt/mysqld does not exist: correct binary',
    exit: OCF.ERR_INSTALLED,
  })
})

test('files that no parameter names are not asked for', () => {
  const plain = parameters({ OCF_RESKEY_credentials: '', OCF_RESKEY_config: '' })
  expect(checkEnvironment(plain, facts({ config: undefined, credentials: undefined }))).toBeUndefined()
})
