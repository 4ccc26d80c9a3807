import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { bundleProgram } from '../../packaging/bundle.ts'

const SCRIPT = join(import.meta.dirname, '../../packaging/code-cache.ts')

/** What the build gives V8, so that chance has no part in the cache. */
const FLAGS = ['--random-seed=1', '--min-semi-space-size=128']

let directory: string
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'heir-code-cache-'))
  await bundleProgram(join(import.meta.dirname, '../../agent/main.ts'), join(directory, 'heir.cjs'))
  return () => rmSync(directory, { recursive: true })
}, 60_000)

/** Make a cache; answers how its actions ended. */
function makeCache(name: string): { readonly ends: string[]; readonly cache: Buffer } {
  const workspace = join(directory, name)
  mkdirSync(workspace)
  const words = [SCRIPT, join(directory, 'heir.cjs'), join(workspace, 'cache'), workspace]
  const said = execFileSync(process.execPath, [...FLAGS, ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return { ends: said.trim().split('\n'), cache: readFileSync(join(workspace, 'cache')) }
}

test('every action that the code cache is made from finds the world that it needs, and succeeds', () => {
  const { ends } = makeCache('first')
  expect(new Set(ends)).toEqual(
    new Set(['monitor ends with 0', 'notify ends with 0', 'promote ends with 0', 'demote ends with 0']),
  )
}, 60_000)
