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
  /** The text of the lock file that it held. */
  readonly life: string
  readonly datadir: string
  readonly pidFile: string
}

const ENDED = 'mysqld has ended as Pacemaker had it told'
const KNOWN = 'mysqld has ended, and Pacemaker is at it'
/** What is no news. */
const EXPECTED = [ENDED, KNOWN]

/** The roles of an instance of which Pacemaker expects an answer, and has not asked for anything else. */
const AT_REST = ['Started', 'Unpromoted', 'Promoted', 'Slave', 'Master']

/** By then a monitor has seen it. */
const WHOLE_MS = 5000

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
    const sentence = nothing ?? TOLD
    log[EXPECTED.includes(sentence) ? 'info' : 'warning'](sentence)
    return { done: true, sentence }
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
  { resource, node, life, datadir, pidFile }: DeathRequest,
  deadline: Deadline,
): Promise<string | undefined> {
  const lock = serverLock(resource)
  if ((await lock.read()) !== life) return ENDED
  const instances = await readClusterStatus(deadline)
  const instance = instances.find(one => one.resource === resource && one.node === node)
  if (instance === undefined || !instance.managed)
    return `mysqld has ended; Pacemaker does not manage ${resource} here now`
  if (instance.failed || !AT_REST.includes(instance.role)) return KNOWN
  if ((await findServer({ dataDirectory: datadir, pidFile })) !== undefined)
    return 'mysqld runs and does not hold its lock, which a security module may have taken: its death will be found by a monitor'
  return (await lock.read()) === life ? undefined : ENDED
}
