import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import type { FailoverRun } from '../../packaging/measurement.ts'
import { LOAD } from '../chaos/row.ts'
import { setScene } from '../chaos/scene.ts'
import type { Fault, Scene } from '../chaos/types.ts'
import { waitUntilHealthy } from '../lab/heir-cluster.ts'
import { heldRows } from '../lab/held-rows.ts'
import { judge, longestGap } from '../lab/judge.ts'
import type { Lab } from '../lab/lab.ts'
import { WriteLoad } from '../lab/write-load.ts'
import type { BenchAgent } from './agents.ts'
import { differing, hasWriter } from './states.ts'

/** The fault by whose name an agent's own way to hand over is called. */
const HANDOVER = 'switchover'

/** Transactions per second; the suite may change its own rate, and what was measured would not compare any more. */
const RATE = 150
/** Writes go on for so long before a fault, and after the cluster has healed. */
const CALM_MS = 3000
/** How long the cluster may take to have another source, then to have its old one back, and then for all to hold the same. */
const TAKE_OVER_MS = 60_000
const RETURN_MS = 60_000
const REST_MS = 20_000

/** Let the fault happen under load, and see what becomes of the writes and of the old primary. */
export async function failoverRun(lab: Lab, agent: BenchAgent, fault: Fault): Promise<FailoverRun> {
  const record = join(tmpdir(), `bench-${process.pid}.record`)
  await rm(record, { force: true })
  const before = await lab.waitFor('a source with its address', () => hasWriter(lab), Deadline.in(TAKE_OVER_MS))
  const load = await WriteLoad.start(lab, { ...LOAD, rate: RATE, record })
  await delay(CALM_MS)
  const scene = await setScene(lab, before, { random: () => 0, note: () => {} })
  const at = Date.now()
  await inTime(happen(fault, scene, agent))
  await inTime(lab.waitFor('another source', () => otherWriter(lab, before), Deadline.in(TAKE_OVER_MS)))
  const returned = (await inTime(waitUntilHealthy(lab, Deadline.in(RETURN_MS)))) !== undefined
  await delay(CALM_MS)
  const attempts = await load.stop()
  await rm(record)
  const after = (await hasWriter(lab)) ?? ''
  const [verdict] = after === '' ? [] : judge(attempts, await heldRows(lab, [after]))
  const gap = longestGap(attempts, at, Date.now())
  return {
    agent: agent.name,
    fault: fault.name,
    before,
    after,
    gapMs: gap?.over ? gap.end - gap.begin : null,
    acknowledged: attempts.filter(({ error }) => error === undefined).length,
    lost: verdict?.missing.length ?? null,
    returned,
    differing: await atRest(lab, after),
  }
}

async function happen(fault: Fault, scene: Scene, agent: BenchAgent): Promise<void> {
  const { lab, source, replicas } = scene
  if (fault.name === HANDOVER) await agent.handOver(lab, source, replicas[0] ?? source)
  else await fault.happen(scene)
}

async function otherWriter(lab: Lab, before: string): Promise<string | undefined> {
  const node = await hasWriter(lab)
  return node === before ? undefined : node
}

/** Undefined where it did not come to be: that is an outcome here, not an error. */
async function inTime<T>(waiting: Promise<T>): Promise<T | undefined> {
  try {
    return await waiting
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    console.log(error.message)
    return undefined
  }
}

async function atRest(lab: Lab, source: string): Promise<string[]> {
  if (source === '') return [...lab.nodes]
  let nodes: string[] = []
  await Deadline.in(REST_MS).poll(500, async () => {
    nodes = await differing(lab, source)
    return nodes.length === 0 || undefined
  })
  return nodes
}
