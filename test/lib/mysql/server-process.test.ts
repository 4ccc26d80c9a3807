import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findServer } from '../../../lib/mysql/server-process.ts'
import { allPids, program } from '../../../lib/system/process-table.ts'

let home: string
let dataDirectory: string
let pidFile: string
let children: ChildProcess[]

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'heir-server-process-'))
  dataDirectory = join(home, 'data')
  pidFile = join(home, 'pid')
  mkdirSync(dataDirectory)
  children = []
})

afterEach(async () => {
  for (const child of children) {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  rmSync(home, { recursive: true })
})

/** A real process that goes by that name and works in that directory; it only sleeps. */
async function run(name: string, directory = dataDirectory): Promise<number> {
  const path = join(home, name)
  copyFileSync('/bin/sleep', path)
  const child = spawn(path, ['100'], { cwd: directory, stdio: 'ignore' })
  await once(child, 'spawn')
  children.push(child)
  return child.pid ?? 0
}

const find = () => findServer({ pidFile, dataDirectory })

test('nothing is found where nothing runs', async () => {
  expect(await find()).toBeUndefined()
})

test.each(['mysqld', 'mariadbd', 'mysqld-debug'])('%s is found by its pid file', async program => {
  const pid = await run(program)
  writeFileSync(pidFile, `${pid}\n`)
  expect(await find()).toEqual({ pid, startTime: expect.stringMatching(/^\d+$/) })
})

test('a server is found when its pid file is lost', async () => {
  const pid = await run('mysqld')
  expect(await find()).toMatchObject({ pid })
})

test('a server is found when its program was removed', async () => {
  const pid = await run('mysqld')
  rmSync(join(home, 'mysqld'))
  expect(await find()).toMatchObject({ pid })
})

test('a server is found through a symbolic link to its data directory', async () => {
  const pid = await run('mysqld')
  const link = join(home, 'link')
  symlinkSync(dataDirectory, link)
  expect(await findServer({ pidFile, dataDirectory: link })).toMatchObject({ pid })
})

test('a server is found when its data directory was moved away', async () => {
  const pid = await run('mysqld')
  rmSync(dataDirectory, { recursive: true })
  expect(await find()).toMatchObject({ pid })
})

test.each([
  ['the number of another program', () => run('sleep')],
  ['the number of the server of another instance', () => run('mysqld', home)],
  ['a number that no process has', async () => 2 ** 22 - 1],
  ['no number', async () => 'nonsense'],
])('a pid file with %s does not mislead', async (_, content) => {
  writeFileSync(pidFile, `${await content()}\n`)
  expect(await find()).toBeUndefined()
  const pid = await run('mariadbd')
  expect(await find()).toMatchObject({ pid })
})

test('what only watches over a server is none', async () => {
  await run('mysqld_safe')
  expect(await find()).toBeUndefined()
})

/** The same with other files at the path of its data directory, as in a container where `words` say so. */
async function runApart(...words: readonly string[]): Promise<void> {
  const path = join(home, 'mariadbd')
  copyFileSync('/bin/sleep', path)
  const script = 'mount -t tmpfs tmpfs "$0"; cd "$0"; echo ready; exec "$1" 100'
  const child = spawn('unshare', ['--mount', ...words, 'sh', '-euc', script, dataDirectory, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  await once(child.stdout, 'data')
  await expect.poll(() => allPids().some(pid => program(pid) === path), { timeout: 10_000 }).toBe(true)
}

test('the server of a container is not ours because its data directory has the same name', async () => {
  await runApart('--pid', '--fork', '--kill-child')
  expect(await find()).toBeUndefined()
})

test('a server on a file system that we do not see any more is ours by its name', async () => {
  await runApart()
  expect(await find()).toMatchObject({ pid: children[0]?.pid })
})
