import { setTimeout as delay } from 'node:timers/promises'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import { RESOURCE } from '../lab/heir-cluster.ts'
import { certifiedSource, waitUntilCertified } from './certified.ts'
import { quarantineOf } from './observe-node.ts'
import { otherSource } from './other-source.ts'
import type { Expectations, Fault, Scene } from './types.ts'

/** What became of a cluster after a fault. Times are milliseconds. */
export interface Struck {
  /** Since 1970. */
  readonly at: number
  readonly expects: Expectations
  /** The source afterwards; empty where there was none in time. */
  readonly after: string
  /** From the fault until the cluster was healthy, and stayed so; null where it was not in time. */
  readonly healthyMs: number | null
  /** What did not happen as it should have; one sentence each. */
  readonly troubles: readonly string[]
}

/** A hung server is noticed after the timeout of its monitor. */
const NEW_SOURCE_MS = 90_000
/** How long a cluster may take to heal: a fenced node boots, and a failure is forgotten after 15 s. */
const HEALING_MS = 120_000
/** Health is health when it lasts for so long. */
const CALM_MS = 3000

/** Let a fault happen, and wait until the cluster has healed by itself. Writes go on meanwhile. */
export async function strike(scene: Scene, fault: Fault): Promise<Struck> {
  const { lab, source } = scene
  const at = Date.now()
  const troubles: string[] = []
  const orTrouble = async <T>(waiting: Promise<T>): Promise<T | undefined> => {
    try {
      return await waiting
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      troubles.push(error.message)
      scene.note(`trouble: ${error.message}`)
      return undefined
    }
  }
  const expects = (await orTrouble(fault.happen(scene))) ?? {}
  scene.note('it has happened')
  if (expects.source === 'moves') await orTrouble(otherSource(lab, source, Deadline.in(NEW_SOURCE_MS)))
  await orTrouble(quarantines(scene, expects))
  const healed = await orTrouble(lasting(scene, expects.quarantined ?? []))
  const after = healed?.source ?? (await lab.roles(RESOURCE)).promoted[0] ?? ''
  return { at, expects, after, healthyMs: healed === undefined ? null : healed.at - at, troubles }
}

async function quarantines({ lab }: Scene, { quarantined = [] }: Expectations): Promise<void> {
  for (const node of quarantined) {
    const probe = () => quarantineOf(lab, node).catch(() => undefined) // it may have to boot first
    await lab.waitFor(`${node} in quarantine`, probe, Deadline.in(HEALING_MS))
  }
}

/** When the cluster began to be healthy for good, and its source. */
async function lasting({ lab }: Scene, quarantined: readonly string[]): Promise<{ source: string; at: number }> {
  const deadline = Deadline.in(HEALING_MS)
  for (;;) {
    const source = await waitUntilCertified(lab, deadline, quarantined)
    const at = Date.now()
    await delay(CALM_MS)
    if ((await certifiedSource(lab, quarantined)) === source) return { source, at }
  }
}
