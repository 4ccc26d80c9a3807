import { chmod, chown, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { distrust } from '../../../lib/system/trusted-program.ts'

/** The directory for temporary files may be written by everyone, and is no place for this. */
const PLACE = '/run'
const NOBODY = 65_534

let directory = ''
let program = ''

beforeEach(async () => {
  directory = await mkdtemp(join(PLACE, 'heir-trust-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  program = join(directory, 'program')
  await writeFile(program, '#!/bin/sh\n', { mode: 0o755 })
})

test("root's own program in root's own directories can be run", async () => {
  expect(await distrust(program)).toBeUndefined()
})

test('what is not there cannot be run, nor what is no file', async () => {
  expect(await distrust(`${program}-2`)).toBe(`${program}-2 is not a file: create it, or correct the path`)
  expect(await distrust(directory)).toBe(`${directory} is not a file: create it, or correct the path`)
})

test('what is not executable cannot be run', async () => {
  await chmod(program, 0o644)
  expect(await distrust(program)).toBe(`${program} is not executable: chmod 755 ${program}`)
})

test.each([0o775, 0o757])('mode %o lets others than root write it', async mode => {
  await chmod(program, mode)
  expect(await distrust(program)).toBe(`${program} can be written by others than root: chmod go-w ${program}`)
})

test("somebody else's program is not run", async () => {
  await chown(program, NOBODY, 0)
  expect(await distrust(program)).toBe(`${program} does not belong to root: chown root ${program}`)
})

test('a directory on its way that others may write counts, with a sticky bit too', async () => {
  await chmod(directory, 0o1777)
  expect(await distrust(program)).toBe(`${directory} can be written by others than root: chmod go-w ${directory}`)
})

test('a link counts with the way to it and the way to what it names', async () => {
  const open = join(directory, 'open')
  await mkdir(open)
  await chmod(open, 0o777)
  await symlink(program, join(open, 'link'))
  expect(await distrust(join(open, 'link'))).toMatch(/open can be written by others/)
  const elsewhere = join(open, 'program')
  await writeFile(elsewhere, '', { mode: 0o755 })
  await symlink(elsewhere, join(directory, 'link'))
  expect(await distrust(join(directory, 'link'))).toMatch(/open can be written by others/)
})

test('so does each place that a link leads through, a link on the way included', async () => {
  const open = join(directory, 'open')
  await mkdir(open)
  await chmod(open, 0o777)
  await symlink(program, join(open, 'middle'))
  await symlink(join(open, 'middle'), join(directory, 'first'))
  expect(await distrust(join(directory, 'first'))).toMatch(/open can be written by others/)
  await symlink(directory, join(open, 'home'))
  await symlink('open/home', join(directory, 'shortcut'))
  expect(await distrust(join(directory, 'shortcut', 'program'))).toMatch(/open can be written by others/)
})

test('links that lead nowhere but to each other are no file', async () => {
  await symlink(join(directory, 'b'), join(directory, 'a'))
  await symlink(join(directory, 'a'), join(directory, 'b'))
  expect(await distrust(join(directory, 'a'))).toMatch(/is not a file/)
})
