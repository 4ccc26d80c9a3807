import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Deadline } from '../../lib/system/deadline.ts'
import { heldRows } from './held-rows.ts'
import { isAcknowledged, judge } from './judge.ts'
import { quarantines } from './quarantines.ts'
import type { Site } from './two-sites.ts'
import { WriteLoad } from './write-load.ts'
import type { Attempt } from './write-record.ts'

/** Write to the address of a site for as long as the work takes; it begins when writes are on their way. */
export async function writesDuring({ lab, vip }: Site, work: () => Promise<unknown>): Promise<Attempt[]> {
  const directory = await mkdtemp(join(tmpdir(), 'heir-sites-'))
  try {
    const load = await WriteLoad.start(lab, { host: vip, record: join(directory, 'record'), rate: 100, seconds: 500 })
    await delay(3000)
    try {
      await work()
    } catch (error) {
      await load.stop()
      throw error
    }
    return await load.stop()
  } finally {
    await rm(directory, { recursive: true })
  }
}

/** The attempts whose clients had an answer. */
export const acknowledged = (attempts: readonly Attempt[]): readonly Attempt[] => attempts.filter(isAcknowledged)

/** How many acknowledged writes the nodes of a site lack now, each for itself. */
export async function lostOn({ lab }: Site, attempts: readonly Attempt[]): Promise<number> {
  const held = await heldRows(lab, lab.nodes)
  return judge(attempts, held).reduce((sum, { missing }) => sum + missing.length, 0)
}

/** Wait until every node of a site has all that was acknowledged: its connection may have to be made anew. */
export async function waitUntilArrived(site: Site, attempts: readonly Attempt[]): Promise<void> {
  const isThere = async () => (await lostOn(site, attempts)) === 0 || undefined
  await site.lab.waitFor('all that was written', isThere, Deadline.in(60_000))
}

/** The nodes of a site that are in quarantine. */
export const quarantined = async ({ lab }: Site): Promise<readonly string[]> => [...(await quarantines(lab)).keys()]
