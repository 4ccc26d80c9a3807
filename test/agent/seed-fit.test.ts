import { expect, test } from 'vitest'
import { chooseMethod, type DonorKind, type ServerKind, seriesOf } from '../../agent/seed-fit.ts'

const MYSQL: ServerKind = {
  flavour: 'mysql',
  version: '8.4.3',
  machine: 'x86_64',
  pageSize: 16384,
  systemTablespace: 'ibdata1:12M:autoextend',
}
const MARIADB: ServerKind = { ...MYSQL, flavour: 'mariadb', version: '10.11.6-MariaDB-log' }
const donor = (kind: ServerKind, change: Partial<DonorKind> = {}): DonorKind => ({
  ...kind,
  ...{ clonePlugin: kind.flavour === 'mysql', mayClone: kind.flavour === 'mysql', gtid: true },
  ...change,
})
const NAMES = { recipient: 'gamma', donor: 'beta' }
const choose = (recipient: ServerKind, from: DonorKind, wanted?: 'clone' | 'backup' | 'dump') =>
  chooseMethod(recipient, from, NAMES, wanted)

test('MySQL is cloned, MariaDB is backed up', () => {
  expect(choose(MYSQL, donor(MYSQL))).toEqual({ method: 'clone' })
  expect(choose(MARIADB, donor(MARIADB))).toEqual({ method: 'backup' })
})

test('a dump is only for who asks for it', () => {
  expect(choose(MYSQL, donor(MYSQL, { clonePlugin: false }), 'dump')).toEqual({ method: 'dump' })
  expect(choose(MYSQL, donor(MYSQL, { clonePlugin: false }))).toEqual({
    refusal: expect.stringMatching(/beta has not loaded the CLONE plugin: .*INSTALL PLUGIN .*--method dump/),
  })
})

test.each([
  ['8.0.36', '8.0.36', true],
  ['8.0.36', '8.0.37', false],
  ['8.0.37', '8.0.42', true],
  ['8.4.0', '8.4.7', true],
  ['9.7.4-2', '9.7.4-1', true],
])('MySQL %s takes a clone of %s: %s', (recipient, version, taken) => {
  const choice = choose({ ...MYSQL, version: recipient }, donor({ ...MYSQL, version }))
  expect('method' in choice).toBe(taken)
})

test('nobody takes the data of another series, flavour, page size, or without GTIDs', () => {
  for (const wanted of [undefined, 'dump'] as const) {
    expect(choose({ ...MYSQL, version: '9.7.4' }, donor(MYSQL), wanted)).toEqual({
      refusal: expect.stringContaining('install 8.4 on gamma, seed it, and upgrade it then'),
    })
    expect(choose(MYSQL, donor(MARIADB), wanted)).toEqual({ refusal: expect.stringContaining('install the same') })
    expect(choose({ ...MYSQL, pageSize: 4096 }, donor(MYSQL), wanted)).toEqual({
      refusal: expect.stringContaining('innodb_page_size is 4096 on gamma and 16384 on beta'),
    })
    expect(choose({ ...MYSQL, systemTablespace: 'ibdata1:1G' }, donor(MYSQL), wanted)).toEqual({
      refusal: expect.stringContaining('innodb_data_file_path is ibdata1:1G on gamma'),
    })
    expect(choose(MYSQL, donor(MYSQL, { gtid: false }), wanted)).toEqual({
      refusal: expect.stringContaining('gtid_mode=ON'),
    })
  }
})

test('each way says what stands against it', () => {
  expect(choose(MYSQL, donor(MYSQL, { mayClone: false }))).toEqual({
    refusal: expect.stringContaining('GRANT BACKUP_ADMIN'),
  })
  for (const kind of [MYSQL, MARIADB]) {
    expect(choose(kind, donor({ ...kind, machine: 'aarch64' }))).toEqual({
      refusal: expect.stringContaining('beta is a machine of another kind (aarch64)'),
    })
  }
  expect(choose(MARIADB, donor(MARIADB), 'clone')).toEqual({ refusal: expect.stringContaining('no CLONE') })
  expect(choose(MYSQL, donor(MYSQL), 'backup')).toEqual({ refusal: expect.stringContaining('MariaDB only') })
})

test('a series is the first two numbers', () => {
  expect(['10.11.6-MariaDB-log', '8.0.40', '9.7.4-2'].map(seriesOf)).toEqual(['10.11', '8.0', '9.7'])
})
