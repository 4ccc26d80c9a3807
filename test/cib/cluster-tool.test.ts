import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { clusterTool } from '../../cib/cluster-tool.ts'
import { Deadline } from '../../lib/system/deadline.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'heir-tools-'))
  vi.stubEnv('PATH', directory)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(directory, { recursive: true })
})

const ask = () => clusterTool('asking for the state of the cluster', 'crm_mon', [], Deadline.in(10_000))

const fake = (text: string) => writeFile(join(directory, 'crm_mon'), `#!/bin/sh\n${text}\n`, { mode: 0o755 })

test('where there is no such tool, the sentence says where there is one', async () => {
  await expect(ask()).rejects.toMatchObject({
    kind: 'not-installed',
    message:
      "asking for the state of the cluster: there is no crm_mon here: use a node of the cluster, with Pacemaker's command line tools",
  })
})

test('where Pacemaker does not run, the sentence says so, whatever the tool says', async () => {
  await fake('echo "Init failed" >&2; exit 102')
  await expect(ask()).rejects.toMatchObject({
    kind: 'rejected',
    code: 102,
    message:
      'asking for the state of the cluster: crm_mon does not reach Pacemaker on this node: start it here, or use a node where it runs',
  })
})

test('any other end is told with the last thing that the tool says', async () => {
  await fake('echo first >&2; echo last >&2; exit 1')
  await expect(ask()).rejects.toThrow('asking for the state of the cluster: crm_mon ended with 1: last')
})
