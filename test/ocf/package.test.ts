import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
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

test('the package holds the executable, the agent, the service, the manual and the licences, and nothing else', async () => {
  expect(await rpm('--query', '--list', '--package', RPM)).toEqual([
    '/etc/heir',
    '/etc/heir/check.conf',
    '/usr/bin/heir',
    '/usr/lib/ocf/resource.d/heir',
    '/usr/lib/ocf/resource.d/heir/mysql',
    '/usr/lib/systemd/system/heir-check.service',
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

test('it needs nothing that a distribution does not have under the same name', async () => {
  const needed = await rpm('--query', '--requires', '--package', RPM)
  const libraries = new Set(needed.map(line => line.replace(/\(.*$/, '').replace(/ .*$/, '')))
  expect([...libraries].sort()).toEqual([
    ...['/bin/sh', 'config', 'ld-linux-x86-64.so.2', 'libc.so.6', 'libdl.so.2', 'libgcc_s.so.1', 'libm.so.6'],
    ...['libpthread.so.0', 'libstdc++.so.6', 'rpmlib', 'rtld', 'util-linux'],
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

describe('the service for balancers', () => {
  const systemd = async (...args: readonly string[]) => {
    const { exitCode, stdout, stderr } = await command('systemd-analyze', args, { deadline: Deadline.in(30_000) })
    return { exitCode, said: `${stdout}${stderr}` }
  }

  test('systemd understands every word of it', async () => {
    // In the place of what the unit stands on, which a root with nothing but the package lacks.
    for (const name of ['basic.target', 'sysinit.target', 'shutdown.target', 'network-online.target']) {
      writeFileSync(join(root, 'usr/lib/systemd/system', name), '[Unit]\nDescription=A stand-in\n')
    }
    const { exitCode, said } = await systemd(`--root=${root}`, '--man=no', 'verify', 'heir-check.service')
    expect({ exitCode, said }).toEqual({ exitCode: 0, said: '' })
  })

  test('systemd finds it little exposed, although it runs as root', async () => {
    const unit = join(root, 'usr/lib/systemd/system/heir-check.service')
    const { exitCode, said } = await systemd('--offline=true', '--threshold=40', 'security', unit)
    expect({ exitCode, said }).toEqual({ exitCode: 0, said: expect.anything() })
  })
})
