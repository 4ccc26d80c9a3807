import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { runHook } from '../../../agent/commands/hook.ts'
import { hookRuns } from '../../../cib/hook-runs.ts'
import { formatSourceRecord } from '../../../cib/source-record.ts'
import { Log } from '../../../lib/system/log.ts'
import { record } from '../situations.ts'
import { UNWATCHED } from './unwatched.ts'

const RESOURCE = `hook-test-${process.pid}`

/** Stand in for Pacemaker's tools on the node alpha. */
const TOOLS = { cibadmin: 'cat "$(dirname "$0")/cib.xml"', crm_node: 'echo alpha' } as const

let directory = ''
let lines: string[] = []

beforeEach(async () => {
  directory = await mkdtemp('/run/heir-hook-') // root alone may write there
  onTestFinished(async () => {
    await rm(directory, { recursive: true })
    await hookRuns(RESOURCE).remove()
  })
  for (const [name, text] of Object.entries(TOOLS)) await install(name, text)
  vi.stubEnv('PATH', `${directory}:${process.env['PATH']}`)
  lines = []
})

afterEach(() => {
  vi.unstubAllEnvs()
})

async function install(name: string, text: string): Promise<string> {
  const path = join(directory, name)
  await writeFile(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  return path
}

/** On a machine under load even a short program may take seconds. */
const AMPLE = 60

async function cluster(source: string, epoch = 7, timeout = AMPLE): Promise<void> {
  const value = formatSourceRecord(record({ node: source, host: source, epoch }))
  const pair = (name: string, text: string) => `<nvpair id="${name}" name="${name}" value="${text}"/>`
  const parameters = [
    pair('post_promote_script', join(directory, 'script')),
    pair('post_promote_timeout', String(timeout)),
  ]
  await writeFile(
    join(directory, 'cib.xml'),
    `<cib><configuration><crm_config><cluster_property_set id="heir">${pair(`${RESOURCE}-source`, value)}
</cluster_property_set></crm_config><resources>
<primitive id="${RESOURCE}" class="ocf" provider="heir" type="mysql"><instance_attributes id="p">${parameters.join('')}
</instance_attributes></primitive></resources></configuration></cib>`,
  )
}

const openLog = () =>
  new Log({
    writer: 'heir',
    node: 'alpha',
    pid: 1,
    file: undefined,
    traceFile: undefined,
    fallback: line => lines.push(line),
  })
const run = (oldSource = 'beta') => runHook({ resource: RESOURCE, oldSource }, { ...UNWATCHED, openLog })

test('the program hears of the promotion, and of nothing else; what it says is in the log', async () => {
  await cluster('alpha')
  await install('script', 'env >"$(dirname "$0")/environment"; echo out; echo err >&2')
  vi.stubEnv('OCF_RESKEY_replication_passwd', 'geheim')
  await run()
  const heard = (await readFile(join(directory, 'environment'), 'utf8')).trim().split('\n')
  const { gtid, binaryLog } = record()
  expect(heard.filter(line => line.startsWith('HEIR_')).toSorted()).toEqual([
    'HEIR_EPOCH=7',
    `HEIR_GTID=${gtid}`,
    `HEIR_LOG_FILE=${binaryLog.file}`,
    `HEIR_LOG_POSITION=${binaryLog.position}`,
    'HEIR_NODE=alpha',
    'HEIR_OLD_SOURCE=beta',
    'HEIR_PORT=3306',
    `HEIR_RESOURCE=${RESOURCE}`,
    'HEIR_SOCKET=/run/mysqld/mysqld.sock',
  ])
  expect(heard.join()).not.toContain('geheim')
  expect(lines).toEqual([
    'info: post_promote_script: out',
    'warning: post_promote_script: err',
    'info: post_promote_script ended with exit code 0',
  ])
})

test('it runs once a promotion, and again after the next', async () => {
  await install('script', 'echo ran')
  await cluster('alpha')
  await run()
  await run()
  await cluster('alpha', 8)
  await run()
  expect(lines.filter(line => line.endsWith(': ran')).length).toBe(2)
})

test('a failure is told', async () => {
  await cluster('alpha')
  await install('script', 'exit 3')
  await run()
  expect(lines).toEqual(['warning: post_promote_script ended with exit code 3'])
})

test('it is ended with all that it started when its time is over', async () => {
  await cluster('alpha', 7, 3)
  await install('script', 'echo begun; sleep 1000 & sleep 1000')
  await run()
  expect(lines).toEqual(['info: post_promote_script: begun', 'warning: post_promote_script was ended after 3 s'])
})

test('what it leaves behind with its output open takes nothing of what it said, nor of how it ended', async () => {
  await cluster('alpha')
  await install('script', 'echo told; sleep 1000 & exit 3')
  await run()
  expect(lines).toEqual(['info: post_promote_script: told', 'warning: post_promote_script ended with exit code 3'])
})

test('of what it prints without an end, the beginning is in the log', async () => {
  await cluster('alpha')
  await install('script', 'seq 200; head -c 9000000 /dev/zero | tr "\\\\0" x >&2')
  await run()
  expect(lines.length).toBe(102)
  expect(lines[99]).toBe('info: post_promote_script: 100')
  expect(lines[100]).toMatch(/^warning: post_promote_script: x{1000}…$/)
  expect(lines[101]).toBe('info: post_promote_script ended with exit code 0')
})

test('a program that others may write is not run, and the log says what to do', async () => {
  await cluster('alpha')
  const script = await install('script', 'echo ran')
  await chmod(script, 0o777)
  await run()
  const complaint = `${script} can be written by others than root: chmod go-w ${script}`
  expect(lines).toEqual([`warning: post_promote_script is not run: ${complaint}`])
})

test('a node that is not the source any more runs nothing', async () => {
  await cluster('gamma')
  await install('script', 'echo ran')
  await run()
  expect(lines).toEqual([])
})
