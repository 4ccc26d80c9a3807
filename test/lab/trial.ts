import { setTimeout as delay } from 'node:timers/promises'
import { Deadline } from '../../lib/system/deadline.ts'
import type { Fault } from './faults.ts'
import { RESOURCE, waitUntilHealthy } from './heir-cluster.ts'
import { heldRows } from './held-rows.ts'
import { judge, longestGap } from './judge.ts'
import type { Lab } from './lab.ts'
import type { WriteLoad } from './write-load.ts'

/** What a fault did to the clients and to the cluster. */
export interface Outcome {
  readonly fault: Fault
  /** Milliseconds since 1970. */
  readonly at: number
  readonly before: string
  readonly after: string
  /** The longest time without an acknowledged write, in milliseconds. */
  readonly gapMs: number
  /** Acknowledged writes that the new source lacks. */
  readonly lost: number
  /** From the fault until every node is the source or a replica of it again, in milliseconds. */
  readonly healthyMs: number
}

/** How long a cluster may take to heal: a fenced node boots, and a failure is forgotten after 15 s. */
const HEALING_MS = 120_000
/** Writes go on for so long before and after a fault, so that both sides of it are seen. */
const CALM_MS = 3000

/** Let a fault happen under load, wait until the cluster has healed by itself, and count what was lost. */
export async function trial(lab: Lab, load: WriteLoad, fault: Fault): Promise<Outcome> {
  const before = await waitUntilHealthy(lab, Deadline.in(HEALING_MS))
  await delay(CALM_MS)
  const at = Date.now()
  await fault.happen(lab, before)
  await lab.waitFor(`another source than ${before}`, () => newSource(lab, before), Deadline.in(HEALING_MS))
  const after = await waitUntilHealthy(lab, Deadline.in(HEALING_MS))
  const healthyMs = Date.now() - at
  await delay(CALM_MS)
  const attempts = await load.attempts() // read before the rows: every acknowledged one must be among them
  const [verdict] = judge(attempts, await heldRows(lab, [after]))
  const gap = longestGap(attempts, at, Date.now())
  const gapMs = gap === undefined ? Number.POSITIVE_INFINITY : gap.end - gap.begin
  return { fault, at, before, after, gapMs, lost: verdict?.missing.length ?? Number.POSITIVE_INFINITY, healthyMs }
}

async function newSource(lab: Lab, before: string): Promise<string | undefined> {
  const { promoted } = await lab.roles(RESOURCE)
  return promoted.find(node => node !== before)
}
