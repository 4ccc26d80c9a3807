import { donorWorker, seedWatcher, seedWorker } from '../cib/seed-workers.ts'
import { readMarker } from '../lib/seed/marker.ts'
import { lives } from '../lib/system/process-table.ts'
import { startWorker } from './apply-worker.ts'
import { seedWords } from './commands/seed-watch.ts'
import type { Session } from './session.ts'
import type { Situation } from './situation.ts'

/**
 * Start a donor for each node that waits for the data of this one. It outlives this action; the request is gone as soon as it
 * has called, and is answered once.
 */
export async function answerSeedRequests({ memory, instance }: Situation, session: Session): Promise<void> {
  if (instance.state !== 'promoted' && instance.state !== 'unpromoted') return
  const { resource } = session.invocation
  for (const [recipient, { donor, nonce }] of memory.seedRequests) {
    if (donor !== session.node) continue
    const worker = donorWorker(resource, recipient)
    if ((await worker.read())?.nonce === nonce) continue
    await worker.write({ nonce })
    session.log.info(`${recipient} waits for the data of ${session.node}: starting a donor`)
    await startWorker(['donate', '--resource', resource, '--to', recipient], session)
  }
}

/** Start the seed of this node, by policy and not by hand; it takes the instance out of the cluster's hands by itself. */
export async function launchSeed(session: Session, because: string): Promise<void> {
  const { resource } = session.invocation
  for (const file of [seedWatcher(resource), seedWorker(resource)]) {
    const process = await file.read()
    if (process !== undefined && lives(process)) return
  }
  session.log.warning(`seeding ${session.node} anew: ${because}`)
  await startWorker(seedWords(resource), session)
}

/** Go on with a seed that nobody asked for by hand, so that nobody will ask again, when its machine was lost under it. */
export async function resumeSeed(session: Session): Promise<void> {
  const marker = await readMarker(session.parameters.datadir)
  if (marker?.automatic) await launchSeed(session, 'its seed was interrupted')
}
