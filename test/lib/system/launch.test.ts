import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { launch } from '../../../lib/system/command.ts'
import { Deadline } from '../../../lib/system/deadline.ts'
import { awaitEnd, findProcess } from '../../../lib/system/process-table.ts'

let directory: string
let output: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'heir-launch-'))
  output = join(directory, 'output')
  writeFileSync(output, 'earlier\n')
})

afterEach(() => rmSync(directory, { recursive: true }))

async function printed(script: string): Promise<string> {
  const pid = await launch('/bin/sh', ['-c', script], { directory, output })
  const process = findProcess(pid)
  expect(process === undefined || (await awaitEnd(process, Deadline.in(10_000)))).toBe(true)
  return readFileSync(output, 'utf8')
}

test('a launched program writes after what its file holds, errors too', async () => {
  expect(await printed('echo out; echo err >&2')).toBe('earlier\nout\nerr\n')
})

test('a launched program leads a session of its own, in its directory', async () => {
  const [, session, pid, where] = (await printed('cut -d" " -f6 /proc/$$/stat; echo $$; pwd')).trim().split('\n')
  expect(session).toBe(pid)
  expect(where).toBe(directory)
})

test('a launched program knows nothing of what this program was told', async () => {
  const names = (await printed('env'))
    .trim()
    .split('\n')
    .slice(1)
    .map(line => line.replace(/=.*/, ''))
  expect(names.filter(name => !['PATH', 'LC_ALL', 'PWD', '_', 'SHLVL', 'OLDPWD'].includes(name))).toEqual([])
})

test('a program that is not there is not installed', async () => {
  const missing = launch(join(directory, 'none'), [], { directory, output })
  await expect(missing).rejects.toMatchObject({ kind: 'not-installed' })
})
