import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../../lib/system/failure.ts'
import type { Lab } from '../lab/lab.ts'

/** What explains a node afterwards, and the name of the file for it. */
const WORTH_KEEPING: Readonly<Record<string, readonly string[]>> = {
  'pacemaker.log': ['cat', '/var/log/pacemaker/pacemaker.log'],
  'corosync.log': ['cat', '/var/log/corosync/corosync.log'],
  'mysqld.err': ['cat', '/var/lib/mysql/mysqld.err'],
  'crm_mon.txt': ['crm_mon', '--one-shot', '--show-node-attributes', '--failcounts', '--operations'],
  'cib.xml': ['cibadmin', '--query'],
}

/** What came before the fault belongs to it too. */
const PROLOGUE_MS = 20_000

const LINE = /^[A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d(?:\.\d+)? /

/** Keep what the nodes know, a file for each thing of each node, and `merged.log`: the clusters' logs and the agents' in one, by time. */
export async function keepLogs(lab: Lab, directory: string, at: number): Promise<void> {
  const merged: string[] = []
  for (const node of lab.nodes) {
    for (const [name, argv] of Object.entries(WORTH_KEEPING)) {
      const text = await printed(lab, node, argv)
      await writeFile(join(directory, `${node}-${name}`), text)
      if (name === 'pacemaker.log') merged.push(...text.split('\n').filter(line => LINE.test(line)))
    }
  }
  const since = stamp(new Date(at - PROLOGUE_MS))
  const lines = merged.filter(line => line >= since).toSorted(byTime)
  await writeFile(join(directory, 'merged.log'), `${lines.join('\n')}\n`)
  const power = (await lab.powerLog()).map(
    event => `${new Date(event.at).toISOString()} ${event.action} ${event.machine}`,
  )
  await writeFile(join(directory, 'power.log'), `${power.join('\n')}\n`)
}

async function printed(lab: Lab, node: string, argv: readonly string[]): Promise<string> {
  try {
    const { stdout, stderr } = await lab.exec(node, argv)
    return `${stdout}\n${stderr}`
  } catch (error) {
    if (error instanceof Failure) return `not to be had: ${error.message}\n`
    throw error
  }
}

/** As the cluster's log has it, without the fraction: "Nov 21 01:18:25". */
function stamp(date: Date): string {
  const [, month, day, , time] = date.toString().split(' ')
  return `${month} ${day} ${time}`
}

/** The length of a stamp with its milliseconds; what follows does not take part in the order. */
const STAMP = 19

function byTime(one: string, other: string): number {
  const [a, b] = [one.slice(0, STAMP), other.slice(0, STAMP)]
  if (a === b) return 0
  return a < b ? -1 : 1
}
