import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { command } from '../../lib/system/command.ts'
import { Deadline } from '../../lib/system/deadline.ts'

/**
 * Hold an advisory lock (flock) on a file or directory until disposed of; waits for other holders.
 * The kernel frees it when this process ends in any way. Throws when the path cannot be opened.
 */
export async function lock(path: string): Promise<AsyncDisposable> {
  const holder = spawn('flock', [path, 'sh', '-c', 'echo locked; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(holder, 'exit')
  const locked = await Promise.race([once(holder.stdout, 'data'), ended.then(() => undefined)])
  if (locked === undefined) throw new Error(`${path}: cannot be locked`)
  return {
    async [Symbol.asyncDispose]() {
      holder.stdin.end()
      await ended
    },
  }
}

/** Whether some process holds a lock on the file or directory. */
export async function isLocked(path: string): Promise<boolean> {
  const { exitCode } = await command('flock', ['--nonblock', path, 'true'], { deadline: Deadline.in(5000) })
  return exitCode !== 0
}

/** Wait until no process holds a lock on the path; false when the deadline passes first. */
export async function waitUntilUnlocked(path: string, deadline: Deadline): Promise<boolean> {
  const seconds = String(deadline.remainingMs / 1000)
  const { exitCode } = await command('flock', ['--timeout', seconds, path, 'true'], {
    deadline: deadline.within(60_000),
  })
  return exitCode === 0
}
