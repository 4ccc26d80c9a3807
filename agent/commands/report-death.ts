import { readClusterStatus } from '../../cib/cluster-status.ts'
import { reportFailure } from '../../cib/report-failure.ts'
import { serverLock } from '../../cib/server-lock.ts'
import { findServer } from '../../lib/mysql/server-process.ts'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { readInvocation } from '../invocation.ts'
import type { PromotionReport } from './promotion.ts'
import type { Surroundings } from './surroundings.ts'

/** Whose death it is. */
export interface DeathRequest {
  readonly resource: string
  readonly node: string
  readonly datadir: string
  readonly pidFile: string
}

const ENDED = 'mysqld has ended as it was told to'

/** By then a monitor has seen it. */
const WHOLE_MS = 20_000

/**
 * Tell Pacemaker that the server of this node has died, unless it was told to end, or Pacemaker knows, or has nothing to do
 * with it now. Run by flock(1) when the server does not hold its lock any more.
 */
export async function reportDeath(request: DeathRequest, { openLog }: Surroundings): Promise<PromotionReport> {
  const { resource, node } = request
  const log = openLog(readInvocation({ OCF_RESOURCE_INSTANCE: resource, OCF_RESKEY_CRM_meta_on_node: node }))
  try {
    const deadline = Deadline.in(WHOLE_MS)
    const nothing = await whyNot(request, deadline)
    if (nothing === undefined) await reportFailure(resource, node, deadline)
    if (nothing === undefined) log.warning(TOLD)
    else log.info(nothing)
    return { done: true, sentence: nothing ?? TOLD }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    log.warning(`mysqld has ended; a monitor will see it: ${error.message}`)
    return { done: false, sentence: error.message }
  }
}

const TOLD =
  'mysqld has ended, and nobody told it to: Pacemaker has been told, in whose words it is a "Simulated failure"'

/** Why there is nothing to report; undefined where there is. Whether it was told to end may change until the last moment. */
async function whyNot(
  { resource, node, datadir, pidFile }: DeathRequest,
  deadline: Deadline,
): Promise<string | undefined> {
  const lock = serverLock(resource)
  if ((await lock.read()) === undefined) return ENDED
  const instances = await readClusterStatus(deadline)
  const instance = instances.find(one => one.resource === resource && one.node === node)
  if (instance === undefined || !instance.managed)
    return `mysqld has ended; Pacemaker does not manage ${resource} here now`
  if (instance.failed) return 'mysqld has ended, and Pacemaker knows it'
  if ((await findServer({ dataDirectory: datadir, pidFile })) !== undefined)
    return 'mysqld runs and does not hold its lock: its death will be noticed by the next monitor'
  return (await lock.read()) === undefined ? ENDED : undefined
}
