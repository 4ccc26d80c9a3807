import { Failure } from '../lib/system/failure.ts'
import { type LockFile, readLockFile } from '../lib/system/lock-file.ts'
import { judgeLag } from './lag.ts'
import type { LagLook, ReaderSight } from './reader-sight.ts'
import type { Session } from './session.ts'
import type { Situation } from './situation.ts'

/** What decides about readers beside the server. Files only: nothing is asked. */
export async function observeReaders(session: Session): Promise<ReaderSight> {
  const { max_replica_lag: maxLagSeconds, reader_return_lag: returnLagSeconds } = session.parameters
  return {
    maxLagSeconds,
    returnLagSeconds: returnLagSeconds ?? Math.floor(maxLagSeconds / 2),
    lagLook: await readLagLook(session),
    backup: await readBackupLock(session),
  }
}

async function readLagLook({ lag }: Session): Promise<LagLook | undefined> {
  const note = await lag.read()
  if (note === undefined) return undefined
  const unknownMs = note.unknownSince === undefined ? 0 : Math.max(0, Date.now() - note.unknownSince)
  return { trailing: note.trailing, unknownSeconds: unknownMs / 1000 }
}

/** A lock that nobody can look at may be there. */
async function readBackupLock({ parameters }: Session): Promise<LockFile | undefined> {
  const { backup_lockfile: path, backup_max_seconds: seconds } = parameters
  if (path === undefined) return undefined
  try {
    return await readLockFile(path, seconds)
  } catch (error) {
    if (error instanceof Failure) return { state: 'held', because: error.message }
    throw error
  }
}

/** For the next monitor, which tells from it whether readers may come back. */
export async function noteLag(situation: Situation, { lag }: Session): Promise<void> {
  const { instance, readers } = situation
  if (!('facts' in instance)) return
  const { replication } = instance.facts
  const { trails: trailing } = judgeLag({ ...situation, facts: instance.facts })
  const isUnknown = replication !== undefined && replication.lagSeconds === undefined
  if (trailing || isUnknown) {
    const since = (await lag.read())?.unknownSince ?? Date.now()
    await lag.write({ trailing, unknownSince: isUnknown ? since : undefined })
  } else if (readers.lagLook !== undefined) await lag.remove()
}
