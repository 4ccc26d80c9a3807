import { execFile } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readAccount } from '../../../lib/mysql/option-file.ts'

const pipe = (name: string) => promisify(execFile)('mkfifo', ['--mode=0600', name])

let directory: string
let path: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'heir-option-file-'))
  path = join(directory, 'secrets')
  await writeFile(path, '[replication]\nuser=r\npassword="p"\n[agent]\npassword=x\n', { mode: 0o600 })
})

afterEach(() => rm(directory, { recursive: true }))

test('an account is read from its section', async () => {
  expect(await readAccount(path, 'replication')).toEqual({ user: 'r', password: 'p' })
})

test('a section that is not there names no account', async () => {
  await writeFile(path, '[other]\nuser=r\n')
  expect(await readAccount(path, 'replication')).toBeUndefined()
})

test('an account without a password is known by its socket', async () => {
  await writeFile(path, '[agent]\nuser=root\n')
  expect(await readAccount(path, 'agent')).toEqual({ user: 'root' })
})

test.each([
  ['a section without a user', 'agent', async () => {}, /its section \[agent\] has no user: add a line user=/],
  ['no file', 'replication', () => rm(path), /it cannot be opened: create it, or correct the parameter credentials/],
  ['a file for its group', 'replication', () => chmod(path, 0o640), /others than root may use it: make its mode 0600/],
  ['a file of somebody', 'replication', () => chown(path, 1234, 0), /it belongs to user 1234: make it root's/],
  [
    'a directory',
    'agent',
    () => rm(path).then(() => mkdir(path, { mode: 0o700 })),
    /it is a directory, a pipe or a device/,
  ],
  [
    'a pipe that nobody writes to',
    'agent',
    () => rm(path).then(() => pipe(path)),
    /it is a directory, a pipe or a device/,
  ],
] as const)('%s is refused in one sentence', async (_, section, spoil, sentence) => {
  await spoil()
  const reading = readAccount(path, section)
  await expect(reading).rejects.toMatchObject({ kind: 'misconfigured' })
  await expect(reading).rejects.toThrow(sentence)
})
