import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { bundleProgram } from '../../packaging/bundle.ts'

const RECORDER = join(import.meta.dirname, 'recorder.cjs')

let directory: string
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'heir-bundle-'))
  await bundleProgram(join(import.meta.dirname, '../../agent/main.ts'), join(directory, 'heir.cjs'))
  return () => rmSync(directory, { recursive: true })
})

/** The builtins that the program loads for this word. */
function loadedFor(word: string): string[] {
  const args = [RECORDER, join(directory, 'heir.cjs'), word]
  return spawnSync(process.execPath, args, { env: {}, encoding: 'utf8' }).stdout.split(' ')
}

/** What yargs and execa load with them, which tells that they were loaded. */
const YARGS = 'module'
const EXECA = 'child_process'
const MYSQL2 = 'timers'

test('meta-data loads neither the driver, nor the parser of command lines, nor what runs programs', () => {
  const loaded = loadedFor('meta-data')
  for (const module of [YARGS, EXECA, MYSQL2, 'tls', 'crypto']) expect(loaded).not.toContain(module)
})

test('a command for people loads the parser, and no driver', () => {
  const loaded = loadedFor('--help')
  expect(loaded).toContain(YARGS)
  expect(loaded).not.toContain(MYSQL2)
})

test('a driver without encryption loads no encryption', () => {
  const loaded = loadedFor('monitor')
  expect(loaded).toContain(MYSQL2)
  for (const module of ['tls', 'crypto', YARGS]) expect(loaded).not.toContain(module)
})
