import { expect, test } from 'vitest'
import { parseRelease } from '../../../lib/seed/server-kind.ts'

test.each([
  ['/usr/sbin/mysqld  Ver 9.7.4-2 for Linux on x86_64 ((Debian))', '9.7.4-2'],
  ['mariadbd  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)', '10.11.19-MariaDB-0+deb12u1'],
  [
    'mariadbd  Ver 11.8.6-MariaDB-0+deb13u1 from Debian for debian-linux-gnu on x86_64 (-- Please help get to 10k stars)',
    '11.8.6-MariaDB-0+deb13u1',
  ],
])('%s', (text, version) => {
  expect(parseRelease(text)).toEqual({ version, machine: 'x86_64' })
})

test('another program has no release', () => {
  expect(parseRelease('sh: not found')).toBeUndefined()
})
