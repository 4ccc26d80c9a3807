import { existsSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { Failure } from '../../lib/system/failure.ts'
import { isLocked } from './file-lock.ts'

/** Where racks have their directories, one each; its lock is held as long as a process of the rack lives. */
const RACKS = join(tmpdir(), 'heir-lab')

export function rackDirectory(name: string): string {
  return join(RACKS, name)
}

/** What the rack's power switch says of its doings. */
export function supervisorLog(directory: string): string {
  return join(directory, 'supervisor.log')
}

/** Make the directory empty and ours; removes what racks left behind that died. Throws when a living rack is in it. */
export async function clearTheWay(directory: string): Promise<void> {
  const parent = dirname(directory)
  await mkdir(parent, { recursive: true, mode: 0o700 })
  for (const entry of await readdir(parent)) await removeDead(join(parent, entry), directory)
  if (existsSync(directory)) throw new Failure('rejected', `lab ${basename(directory)} is up already`)
  await mkdir(directory, { mode: 0o700 })
}

/** A directory without a plan may belong to a rack that another process is only now setting up. */
async function removeDead(entry: string, wanted: string): Promise<void> {
  const born = entry === wanted || existsSync(join(entry, 'shared', 'power.sock'))
  if (born && !(await isLocked(entry))) await rm(entry, { recursive: true, force: true })
}
