import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { reportDeath } from '../../../agent/commands/report-death.ts'
import { serverLock } from '../../../cib/server-lock.ts'
import { UNWATCHED } from './unwatched.ts'

const RESOURCE = `death-test-${process.pid}`
const LIFE = 'the first'

/** Stand in for Pacemaker's tools. */
const TOOLS = {
  crm_mon: 'cat "$(dirname "$0")/status.xml"',
  crm_resource: 'echo "$*" >>"$(dirname "$0")/told"',
} as const

let directory = ''

beforeEach(async () => {
  directory = await mkdtemp('/run/heir-death-')
  onTestFinished(async () => {
    await rm(directory, { recursive: true })
    await serverLock(RESOURCE).remove()
  })
  for (const [name, text] of Object.entries(TOOLS))
    await writeFile(join(directory, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  vi.stubEnv('PATH', `${directory}:${process.env['PATH']}`)
  await serverLock(RESOURCE).write(LIFE)
})

afterEach(() => {
  vi.unstubAllEnvs()
})

/** What Pacemaker says of the instance; it runs on alpha, and on beta it is another matter. */
async function cluster({ managed = true, failed = false, role = 'Promoted' }): Promise<void> {
  const instance = (node: string, itsFailed: boolean, itsManaged: boolean) =>
    `<resource id="${RESOURCE}" resource_agent="ocf:heir:mysql" role="${role}" managed="${itsManaged}" failed="${itsFailed}"><node name="${node}"/></resource>`
  const clone = `<clone id="c">${instance('alpha', failed, managed)}${instance('beta', !failed, !managed)}</clone>`
  await writeFile(join(directory, 'status.xml'), `<pacemaker-result><resources>${clone}</resources></pacemaker-result>`)
}

const report = () =>
  reportDeath(
    { resource: RESOURCE, node: 'alpha', life: LIFE, datadir: directory, pidFile: join(directory, 'mysqld.pid') },
    UNWATCHED,
  )
const told = () => readFile(join(directory, 'told'), 'utf8').catch(() => undefined)

/** What looks like a server from outside: a program of its name in its data directory. */
async function server(): Promise<ChildProcess> {
  await copyFile('/bin/sleep', join(directory, 'mysqld'))
  const child = spawn(join(directory, 'mysqld'), ['60'], { cwd: directory })
  await once(child, 'spawn')
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

test('Pacemaker is told of the death of a server that nobody told to end', async () => {
  await cluster({})
  expect(await report()).toMatchObject({ done: true, sentence: expect.stringMatching(/has been told/) })
  expect(await told()).toBe(`--fail --resource ${RESOURCE} --node alpha\n`)
})

interface Case {
  readonly ended?: boolean
  readonly next?: boolean
  readonly lives?: boolean
  readonly managed?: boolean
  readonly failed?: boolean
  readonly role?: string
}

test.each<[string, Case, RegExp]>([
  ['that was told to end', { ended: true }, /as Pacemaker had it told/],
  ['in whose place another one lives', { next: true }, /as Pacemaker had it told/],
  ['that Pacemaker has found dead', { failed: true }, /Pacemaker is at it/],
  ['that is being stopped', { role: 'Stopping' }, /Pacemaker is at it/],
  ['in whose place another one is being started', { role: 'Starting' }, /Pacemaker is at it/],
  ['in maintenance', { managed: false }, /does not manage/],
  ['that lives without its lock', { lives: true }, /does not hold its lock/],
])('of a server %s it is not', async (_case, { ended = false, next = false, lives = false, ...status }, sentence) => {
  await cluster(status)
  if (ended) await serverLock(RESOURCE).remove()
  if (next) await serverLock(RESOURCE).write('the second')
  if (lives) await server()
  expect(await report()).toMatchObject({ done: true, sentence: expect.stringMatching(sentence) })
  expect(await told()).toBeUndefined()
})

test('an instance that does not run on this node is nothing to speak of', async () => {
  await writeFile(join(directory, 'status.xml'), '<pacemaker-result><resources/></pacemaker-result>')
  expect(await report()).toMatchObject({ sentence: expect.stringMatching(/does not manage/) })
  expect(await told()).toBeUndefined()
})

test('without a cluster to tell, a monitor will see it', async () => {
  await writeFile(join(directory, 'crm_mon'), '#!/bin/sh\nexit 102\n')
  expect(await report()).toMatchObject({ done: false, sentence: expect.stringMatching(/does not reach Pacemaker/) })
})
