import { expect, test } from 'vitest'
import { countIn } from './measure.ts'
import { table } from './table.ts'

test('processes are counted, threads are not, nor the program that was asked for', () => {
  const trace = `
10 execve("/usr/bin/agent", ["agent"], 0x1 /* 2 vars */) = 0
10 clone3({flags=CLONE_VM|CLONE_FS|CLONE_THREAD|CLONE_SYSVSEM, stack=0x1}, 88) = 11
10 vfork( <unfinished ...>
12 execve("/sbin/tool", ["tool"], 0x1) = -1 ENOENT (No such file or directory)
12 execve("/bin/tool", ["tool"], 0x1 <unfinished ...>
10 <... vfork resumed>) = 12
12 <... execve resumed>) = 0
10 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x1) = 13
13 exit_group(0) = ?`
  expect(countIn(trace)).toEqual({ forks: 2, programs: 1 })
})

test('a thread whose call was interrupted in the trace is still no process', () => {
  const trace = `
10 execve("/usr/bin/agent", ["agent"], 0x1 /* 2 vars */) = 0
10 clone3({flags=CLONE_VM|CLONE_THREAD, stack=0x1} <unfinished ...>
10 <... clone3 resumed> => {parent_tid=[11]}, 88) = 11`
  expect(countIn(trace)).toEqual({ forks: 0, programs: 0 })
})

test('the table compares every agent with the first', () => {
  const cost = { name: 'one', wallMs: 50, cpuMs: 40, memoryMib: 60, forks: 0, programs: 0, exitCodes: [0] }
  const lines = table([cost, { ...cost, name: 'another', wallMs: 125, exitCodes: [0, 7] }]).split('\n')
  expect(lines[1]).toMatch(/^one +50 \(1\.0×\) +40 \(1\.0×\) +60 \(1\.0×\) +0 +0 +0$/)
  expect(lines[2]).toMatch(/^another +125 \(2\.5×\) .* 0,7$/)
})
