import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Deadline } from '../../lib/system/deadline.ts'
import type { Lab } from '../lab/lab.ts'
import { WriteLoad } from '../lab/write-load.ts'
import { waitUntilCertified } from './certified.ts'
import { inspect, takeBaseline } from './inspect.ts'
import { keepLogs } from './keep-logs.ts'
import { setScene } from './scene.ts'
import { strike } from './strike.ts'
import type { CheckResult, Fault, FaultOutcome, Scene } from './types.ts'
import { readWayBack } from './way-back.ts'

/** The load of the suite; gentle enough for a cluster of which all nodes share one small machine. */
export const LOAD = { writers: 16, rate: 100, mixed: true } as const

/** Cluster software takes so long to settle after whatever was before. */
const SETTLING_MS = 120_000
const CALM_MS = 3000

/**
 * One row of the report: a fault on a healthy cluster under a load of its own, healed, and checked.
 * What the nodes logged is kept in the directory when a check fails. Throws Failure when the cluster is not healthy to begin with.
 */
export async function row(
  lab: Lab,
  fault: Fault,
  directory: string,
  { random, note }: Pick<Scene, 'random' | 'note'>,
): Promise<FaultOutcome> {
  const before = await waitUntilCertified(lab, Deadline.in(SETTLING_MS))
  const baseline = await takeBaseline(lab, before)
  const load = await WriteLoad.start(lab, { ...LOAD, record: join(directory, 'record') })
  await delay(CALM_MS)
  const scene = await setScene(lab, before, { random, note })
  const { troubles, ...struck } = await strike(scene, fault)
  const findings = await inspect({ lab, load, baseline, before, ...struck })
  const checks = [...findings.checks, happened(troubles)]
  const { at, after, healthyMs } = struck
  const wayBack = after === before ? undefined : await readWayBack(lab, before, at)
  const ok = checks.every(({ ok }) => ok)
  if (!ok) await keepLogs(lab, directory, at)
  const { name, title } = fault
  return {
    ...{ fault: name, title, engine: lab.engine.name, at, before, after, healthyMs, ...findings, checks },
    ...(wayBack !== undefined && { wayBack }),
    log: ok ? '' : directory,
  }
}

function happened(troubles: readonly string[]): CheckResult {
  return { name: 'all went as foreseen', ok: troubles.length === 0, detail: troubles.join('; ') || 'it did' }
}
