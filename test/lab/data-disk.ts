import { existsSync } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { command } from '../../lib/system/command.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import type { MachinePlan } from './rack-plan.ts'

/** The data directory of every server, below the root of its machine. */
export const DATA = 'var/lib/mysql'

/** Takes only what is written to it. */
const SIZE = '3G'

/** Make the file system, in a file of the machine's disk, that the machine has its data directory on; with that content. */
export async function makeDataDisk(content: string, disk: string): Promise<void> {
  const { uid, gid } = await stat(content)
  const owned = ['-E', `root_owner=${uid}:${gid}`]
  const args = ['-q', '-F', '-t', 'ext4', ...owned, '-d', content, imageOf(disk), SIZE]
  const { exitCode, stderr } = await command('mke2fs', args, { deadline: Deadline.in(60_000) })
  if (exitCode !== 0) throw new Failure('rejected', `mke2fs: ${stderr}`)
}

/** Give a machine that is off its data directory of the first day back. */
export async function resetData({ disk, layers: [golden = ''] }: MachinePlan): Promise<void> {
  await rm(join(disk, 'upper', DATA), { recursive: true, force: true })
  if (!existsSync(imageOf(disk))) return
  await rm(imageOf(disk))
  await makeDataDisk(join(golden, DATA), disk)
}

const imageOf = (disk: string) => join(disk, 'data.img')
