import { readFileSync } from 'node:fs'

// A process has an id in every process namespace from the outermost down to its own. /proc lists them all, in that order, and is the
// host's /proc for everything that does not mount its own.

/** This process's id as the host counts. */
export function ownHostPid(): number {
  return processIds('self')[0] ?? process.pid
}

/** The id that another process has in this process's namespace. Throws when it is not in it, or below it. */
export function pidHere(hostPid: number): number {
  const depth = processIds('self').length
  const pid = processIds(String(hostPid))[depth - 1]
  if (pid === undefined) throw new Error(`process ${hostPid} is in no namespace below this one`)
  return pid
}

function processIds(process: string): number[] {
  const [, ids = ''] = /^NSpid:\s+(.*)$/m.exec(readFileSync(`/proc/${process}/status`, 'utf8')) ?? []
  return ids.split(/\s+/).map(Number)
}
