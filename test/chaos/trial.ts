import { setTimeout as delay } from 'node:timers/promises'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { waitUntilHealthy } from '../lab/heir-cluster.ts'
import { heldRows } from '../lab/held-rows.ts'
import { judge, longestGap } from '../lab/judge.ts'
import type { Lab } from '../lab/lab.ts'
import type { WriteLoad } from '../lab/write-load.ts'
import { setScene } from './scene.ts'
import { strike } from './strike.ts'
import type { Fault } from './types.ts'

/** What a fault did to the clients and to the cluster. */
export interface Outcome {
  readonly fault: Fault
  /** Milliseconds since 1970. */
  readonly at: number
  readonly before: string
  readonly after: string
  /** The longest time without an acknowledged write, in milliseconds. */
  readonly gapMs: number
  /** Acknowledged transactions that the new source lacks. */
  readonly lost: number
  /** From the fault until every node is the source or a replica of it again, in milliseconds. */
  readonly healthyMs: number
}

/** Cluster software takes so long to settle after whatever was before. */
const SETTLING_MS = 120_000
/** Writes go on for so long before a fault, so that both sides of it are seen. */
const CALM_MS = 3000

/** Let a fault happen under a load that goes on, wait until the cluster has healed by itself, and count what was lost. Throws when it does not heal. */
export async function trial(lab: Lab, load: WriteLoad, fault: Fault): Promise<Outcome> {
  const before = await waitUntilHealthy(lab, Deadline.in(SETTLING_MS))
  await delay(CALM_MS)
  const scene = await setScene(lab, before, { random: () => 0, note: () => {} })
  const { at, after, healthyMs, troubles } = await strike(scene, fault)
  if (healthyMs === null || troubles.length > 0) throw new Failure('timed-out', troubles.join('; '))
  const attempts = await load.attempts() // read before the rows: every acknowledged one must be among them
  const [verdict] = judge(attempts, await heldRows(lab, [after]))
  const gap = longestGap(attempts, at, Date.now())
  const gapMs = gap === undefined ? Number.POSITIVE_INFINITY : gap.end - gap.begin
  return { fault, at, before, after, gapMs, lost: verdict?.missing.length ?? Number.POSITIVE_INFINITY, healthyMs }
}
