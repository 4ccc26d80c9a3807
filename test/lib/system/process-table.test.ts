import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { pid as ownPid } from 'node:process'
import { expect, test } from 'vitest'
import { Deadline } from '../../../lib/system/deadline.ts'
import {
  allPids,
  awaitEnd,
  findProcess,
  lives,
  program,
  signal,
  workingDirectory,
} from '../../../lib/system/process-table.ts'

async function sleeper(): Promise<{ readonly pid: number; readonly ended: Promise<unknown> }> {
  const child = spawn('sleep', ['100'], { stdio: 'ignore', cwd: '/' })
  const ended = once(child, 'exit')
  await once(child, 'spawn')
  return { pid: child.pid ?? 0, ended }
}

function found(pid: number) {
  const process = findProcess(pid)
  if (process === undefined) throw new Error(`${pid} does not run`)
  return process
}

test('this process is among all', () => {
  expect(allPids()).toContain(ownPid)
  expect(program(ownPid)).toMatch(/node$/)
})

test('a process is known by its number and its start, its program and its directory', async () => {
  const { pid, ended } = await sleeper()
  const process = found(pid)
  expect(lives(process)).toBe(true)
  expect(program(pid)).toMatch(/sleep$/)
  expect(workingDirectory(pid)?.path).toBe('/')
  signal(process, 'SIGTERM')
  await ended
  expect(lives(process)).toBe(false)
  expect(workingDirectory(pid)).toBeUndefined()
})

test('a later process with the same number is another one', async () => {
  const { pid, ended } = await sleeper()
  const earlier = { pid, startTime: '1' }
  expect(lives(earlier)).toBe(false)
  signal(earlier, 'SIGKILL')
  expect(await awaitEnd(earlier, Deadline.in(1000))).toBe(true)
  const process = found(pid)
  expect(await awaitEnd(process, Deadline.in(30))).toBe(false)
  signal(process, 'SIGKILL')
  expect(await awaitEnd(process, Deadline.in(10_000))).toBe(true)
  await ended
})

test('a process of which only the exit status is left is gone', async () => {
  // The shell becomes a program that never asks for the status of the child that it inherits.
  const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 100'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const [output] = await once(parent.stdout, 'data')
  const pid = Number(String(output))
  const gone = await Deadline.in(10_000).poll(5, async () => (findProcess(pid) === undefined ? true : undefined))
  expect(gone).toBe(true)
  expect(allPids()).toContain(pid)
  parent.kill('SIGKILL')
  await once(parent, 'exit')
})
