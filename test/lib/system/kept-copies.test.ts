import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { limitCopies, newCopy } from '../../../lib/system/kept-copies.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'copies-'))
})
afterEach(() => rm(home, { recursive: true }))

/** A copy of so many bytes. */
async function copy(name: string, bytes: number): Promise<void> {
  await mkdir(join(home, name))
  await writeFile(join(home, name, 'binlog.000001'), Buffer.alloc(bytes))
}

/** What is said about copies beyond so many bytes. */
async function limited(bytes: number, place = home): Promise<string[]> {
  const said: string[] = []
  await limitCopies('db', line => said.push(line), place, bytes)
  return said
}

const deleted = (name: string) => `deleted ${join(home, name)}: the copies of db take too much room`

test('the oldest copies go when all of them take too much', async () => {
  await copy('db-2026-01-01T000000.000Z', 40)
  await copy('db-2026-02-01T000000.000Z', 40)
  await copy('db-2026-03-01T000000.000Z', 40)
  expect(await limited(90)).toEqual([deleted('db-2026-01-01T000000.000Z')])
  expect(await readdir(home)).toHaveLength(2)
})
test('the newest copy stays, however large', async () => {
  await copy('db-2026-03-01T000000.000Z', 100)
  expect(await limited(90)).toEqual([])
})
test('what is another resource’s, or no copy, is left alone', async () => {
  const others = ['db-2-2026-01-01T000000.000Z', 'db-notes', 'dbx-2026-01-01T000000.000Z']
  for (const name of others) await copy(name, 100)
  await copy('db-2026-03-01T000000.000Z', 100)
  expect(await limited(1)).toEqual([])
  expect(await readdir(home)).toHaveLength(4)
})
test('a new copy is known as one', async () => {
  await copy(basename(newCopy('db', home)), 100)
  await copy('db-2020-01-01T000000.000Z', 100)
  expect(await limited(1)).toEqual([deleted('db-2020-01-01T000000.000Z')])
})
test('where nothing was ever copied nothing is deleted', async () => {
  expect(await limited(1, join(home, 'none'))).toEqual([])
})
test('what cannot be looked at is said, and is no reason to fail', async () => {
  await writeFile(join(home, 'db-2026-01-01T000000.000Z'), 'no directory')
  expect(await limited(1)).toEqual([expect.stringMatching(/cannot be limited: ENOTDIR/)])
})
