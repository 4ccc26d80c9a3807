import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { command } from '../../lib/system/command.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { EXECUTABLE, RPM } from '../../packaging/products.ts'

async function rpm(...args: readonly string[]): Promise<string[]> {
  const { exitCode, stdout, stderr } = await command('rpm', args, { deadline: Deadline.in(30_000) })
  if (exitCode !== 0) throw new Error(`rpm ${args.join(' ')}: ${stderr}`)
  return stdout.split('\n')
}

let root: string
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'heir-package-'))
  await rpm('--root', root, '--dbpath', '/var/lib/rpm', '--install', '--nodeps', RPM)
  return () => rmSync(root, { recursive: true })
})

const installed = (path: string) => readFileSync(join(root, path))

test('the package holds the executable, the agent, the manual and the licences, and nothing else', async () => {
  expect(await rpm('--query', '--list', '--package', RPM)).toEqual([
    '/usr/bin/heir',
    '/usr/lib/ocf/resource.d/heir',
    '/usr/lib/ocf/resource.d/heir/mysql',
    '/usr/share/licenses/heir',
    '/usr/share/licenses/heir/LICENSE',
    '/usr/share/licenses/heir/LICENSE.node',
    '/usr/share/licenses/heir/NOTICES',
    '/usr/share/man/man8/heir.8.gz',
  ])
})

test('the executable and the agent are one file, as it was built', () => {
  const built = readFileSync(EXECUTABLE)
  expect(installed('usr/bin/heir').equals(built)).toBe(true)
  expect(installed('usr/lib/ocf/resource.d/heir/mysql').equals(built)).toBe(true)
})

test('it needs no library that a distribution does not have under the same name', async () => {
  const needed = await rpm('--query', '--requires', '--package', RPM)
  const libraries = new Set(needed.map(line => line.replace(/\(.*$/, '').replace(/ .*$/, '')))
  expect([...libraries].sort()).toEqual([
    ...['ld-linux-x86-64.so.2', 'libc.so.6', 'libdl.so.2', 'libgcc_s.so.1', 'libm.so.6', 'libpthread.so.0'],
    ...['libstdc++.so.6', 'rpmlib', 'rtld'],
  ])
})

test('the notices name every package that the program imports', () => {
  const notices = installed('usr/share/licenses/heir/NOTICES').toString()
  const { dependencies } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))
  for (const name of Object.keys(dependencies)) expect(notices).toMatch(new RegExp(`^${name} \\d`, 'm'))
})

test('the manual is a manual page', () => {
  expect(gunzipSync(installed('usr/share/man/man8/heir.8.gz')).toString()).toMatch(/^\.TH HEIR 8/m)
})
