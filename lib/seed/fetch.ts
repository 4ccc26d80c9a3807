import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Deadline } from '../system/deadline.ts'
import { Failure } from '../system/failure.ts'
import { prepareBackup, startUnpacking } from './backup.ts'
import { freeBytes } from './disk-space.ts'
import { DumpEnds, finishLoading, startLoading } from './dump.ts'
import type { HelperOptions } from './helper-server.ts'
import type { Report } from './progress.ts'
import type { Staging } from './staging.ts'
import type { Tools } from './tools.ts'
import { type Offer, receiveInput } from './transfer.ts'

/** What data that come over a channel are received with. */
export interface Reception {
  readonly channel: Readable
  readonly tools: Tools
  readonly report: Report
}

/** Files grow while they are made consistent, and the donor's grow while they are copied. */
const RESERVE = 1.1

/** Receive what mariadb-backup reads on the donor, and make it whole. */
export async function fetchBackup(
  { channel, tools, report }: Reception,
  staging: Staging,
  deadline: Deadline,
): Promise<void> {
  await mkdir(staging.data, { mode: 0o700 })
  const open = async (offer: Offer) => {
    await expectRoom(staging, offer)
    return startUnpacking(tools, staging.data)
  }
  const offer = await receiveInput(channel, { open, report })
  report({ stage: 'preparing', doneBytes: offer.bytes, totalBytes: undefined })
  const state = { path: staging.state, ofDonor: offer.binaryLogState }
  await prepareBackup(tools, staging.data, state, deadline)
}

/** Receive what a dump program of the donor writes, into a server of our own. */
export async function fetchDump(
  { channel, tools, report }: Reception,
  helper: HelperOptions,
  staging: Staging,
  deadline: Deadline,
): Promise<void> {
  const ends = new DumpEnds()
  const open = async (offer: Offer) => {
    await expectRoom(staging, offer)
    return startLoading(helper, tools, deadline)
  }
  const offer = await receiveInput(channel, { open, report, watch: bytes => ends.watch(bytes) })
  await finishLoading(helper, ends, { path: staging.state, ofDonor: offer.binaryLogState }, deadline)
}

/** Where a helping server listens. */
export const helperSocket = ({ directory }: Staging): string => join(directory, 'socket')

async function expectRoom({ directory }: Staging, { bytes }: Offer): Promise<void> {
  const free = await freeBytes(directory)
  const needed = bytes * RESERVE
  if (free >= needed) return
  const megabytes = (count: number) => `${Math.round(count / 1e6)} MB`
  throw new Failure(
    'rejected',
    `${megabytes(needed)} are needed and ${megabytes(free)} are free in ${directory}: make room, or add --clear-first to delete the old data before the new ones come`,
  )
}
