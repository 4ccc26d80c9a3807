import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { command } from '../../../lib/system/command.ts'
import { Deadline } from '../../../lib/system/deadline.ts'
import { readLockFile } from '../../../lib/system/lock-file.ts'
import { allPids, thisProcess } from '../../../lib/system/process-table.ts'

const HOUR = 3600
let path = ''

beforeEach(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'heir-lock-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  path = join(directory, 'backup.lock')
})

const look = async (content: string) => {
  await writeFile(path, content)
  return readLockFile(path, HOUR)
}
/** No process has it: the kernel gives numbers below 2^22. */
const NOBODY = 4_194_305

test('no file is no lock, and neither is one in a directory that is not there', async () => {
  expect(await readLockFile(path, HOUR)).toBeUndefined()
  expect(await readLockFile(join(path, 'below'), HOUR)).toBeUndefined()
})

test('an empty file is a lock: whoever made it may be about to write into it', async () => {
  expect(await look('')).toEqual({ state: 'held', because: path })
})

test('a lock is held while the process lives that it names', async () => {
  const pid = thisProcess()?.pid
  expect(await look(`${pid}\n`)).toEqual({ state: 'held', because: `${path}, process ${pid}` })
})

test('a lock whose process is gone is stale, and the sentence says so', async () => {
  expect(allPids()).not.toContain(NOBODY)
  expect(await look(`${NOBODY}\n`)).toEqual({
    state: 'stale',
    because: `${path} was left behind by process ${NOBODY}, which is gone: remove it`,
  })
})

test('a number is not believed before its line is whole', async () => {
  expect(await look(String(NOBODY))).toMatchObject({ state: 'held' })
})

test('text that is no number, or more than a line, says nothing of a process', async () => {
  expect(await look('nightly backup\n')).toMatchObject({ state: 'held', because: path })
  expect(await look(`${NOBODY}\n${'x'.repeat(100)}`)).toMatchObject({ state: 'held', because: path })
})

test('a directory is a lock as well', async () => {
  await mkdir(path)
  expect(await readLockFile(path, HOUR)).toMatchObject({ state: 'held' })
})

test('a lock that is older than the bound is stale; one from the future is not', async () => {
  await writeFile(path, '')
  const seconds = Date.now() / 1000
  await utimes(path, seconds, seconds - HOUR - 60)
  expect(await readLockFile(path, HOUR)).toMatchObject({
    state: 'stale',
    because: expect.stringMatching(/36[56]\d s old/),
  })
  await utimes(path, seconds, seconds + HOUR)
  expect(await readLockFile(path, HOUR)).toMatchObject({ state: 'held' })
})

test('a pipe is a lock, and nobody waits for its other end', async () => {
  await command('mkfifo', [path], { deadline: Deadline.in(5000) })
  expect(await readLockFile(path, HOUR)).toMatchObject({ state: 'held' })
})

test('a file on a file system that may not answer is not looked at', async () => {
  await writeFile(path, '')
  const mounts = `22 1 8:1 / / rw - ext4 /dev/sda1 rw\n30 22 0:44 / ${dirname(path)} rw shared:5 - nfs4 nas:/backup rw\n`
  expect(await readLockFile(path, HOUR, mounts)).toEqual({
    state: 'stale',
    because: `${path} is on nfs4, which may not answer: name a file on a local file system`,
  })
})
