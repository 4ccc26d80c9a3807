import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { observeEnvironment } from '../../agent/observe-environment.ts'
import { parseParameters } from '../../agent/parameters.ts'
import { Deadline } from '../../lib/system/deadline.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'heir-environment-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const parameters = (env: Record<string, string>) => {
  const answer = parseParameters(env)
  if (!answer.ok) throw new Error(answer.because)
  return answer.parameters
}

test('files and accounts are seen as they are', async () => {
  const credentials = join(directory, 'credentials')
  writeFileSync(credentials, '')
  chmodSync(credentials, 0o600)
  const facts = await observeEnvironment(
    parameters({
      OCF_RESKEY_datadir: directory,
      OCF_RESKEY_credentials: credentials,
      OCF_RESKEY_replication_master_ssl_ca: join(directory, 'absent'),
      OCF_RESKEY_user: 'root',
      OCF_RESKEY_group: 'no-such-group',
    }),
    process.execPath,
    Deadline.in(5000),
  )
  expect(facts.binary).toMatchObject({ path: process.execPath, file: { kind: 'file', executable: true } })
  expect(facts.config).toBeUndefined()
  expect(facts.datadir).toMatchObject({ kind: 'directory' })
  expect(facts.credentials).toMatchObject({ kind: 'file', mode: 0o600, uid: process.getuid?.(), executable: false })
  expect([...facts.tls]).toEqual([[join(directory, 'absent'), undefined]])
  expect(facts.userId).toBe(0)
  expect(facts.groupId).toBeUndefined()
})
