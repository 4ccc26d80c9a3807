import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Deadline } from '../../lib/system/deadline.ts'
import { Failure } from '../../lib/system/failure.ts'
import type { GapRun } from '../../packaging/measurement.ts'
import { setScene } from '../chaos/scene.ts'
import { strike } from '../chaos/strike.ts'
import type { Fault } from '../chaos/types.ts'
import { RESOURCE, waitUntilHealthy } from '../lab/heir-cluster.ts'
import { longestGap } from '../lab/judge.ts'
import type { Lab } from '../lab/lab.ts'
import { WriteLoad } from '../lab/write-load.ts'
import { CONTROLLER_LINES, type ControllerLog, readControllerLog } from './cluster-actions.ts'
import { type DeedParts, readDeeds } from './deed-parts.ts'
import { gapParts } from './gap-parts.ts'

const RESOURCES = { database: RESOURCE, address: `${RESOURCE}-writer` }

/** Where the agent writes its steps when the resource has the parameter trace_ra. */
const TRACE = `/run/heir-${RESOURCE}.trace`

/** Monitors come to rest, and the load to its rate. */
const CALM_MS = 4000

/** Let the fault happen under load and take the gap apart. The resource must be traced. */
export async function gapRun(lab: Lab, fault: Fault): Promise<GapRun> {
  const record = join(tmpdir(), `bench-${process.pid}.record`)
  await rm(record, { force: true })
  const before = await waitUntilHealthy(lab, Deadline.in(120_000))
  const load = await WriteLoad.start(lab, { record, writers: 16, rate: 200 })
  await delay(CALM_MS)
  const scene = await setScene(lab, before, { random: () => 0, note: () => {} })
  const { at, after, troubles } = await strike(scene, fault)
  const attempts = await load.stop()
  await rm(record)
  const gap = longestGap(attempts, at, Date.now())
  if (!gap?.over || troubles.length > 0) throw new Failure('timed-out', `${fault.name}: ${troubles.join('; ')}`)
  const log = await controllerLog(lab, at)
  const deed = (await deeds(lab, after, at)).findLast(({ opened }) => opened !== undefined)
  return {
    fault: fault.name,
    gapMs: gap.end - gap.begin,
    parts: Object.fromEntries(gapParts(gap, log, RESOURCES)),
    ...ofPromote(log, deed, after),
  }
}

/** Length of `Nov 21 17:15:12.720`. */
const STAMP = 19

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b))

/** Only the controller that decides writes these lines; who that is may change meanwhile. */
async function controllerLog(lab: Lab, from: number): Promise<ControllerLog> {
  const search = ['grep', '-E', CONTROLLER_LINES, '/var/log/pacemaker/pacemaker.log']
  const answers = await Promise.all(lab.nodes.map(node => lab.exec(node, search)))
  const lines = answers.flatMap(({ stdout }) => stdout.split('\n'))
  const inTime = lines.toSorted((a, b) => compare(a.slice(0, STAMP), b.slice(0, STAMP)))
  return readControllerLog(inTime.join('\n'), RESOURCE, from)
}

async function deeds(lab: Lab, node: string, from: number): Promise<DeedParts[]> {
  const { stdout } = await lab.exec(node, ['cat', TRACE])
  return readDeeds(stdout, from)
}

function ofPromote(log: ControllerLog, deed: DeedParts | undefined, node: string): Pick<GapRun, 'promote' | 'shareMs'> {
  const prePromote = log.actions.filter(({ resource, action }) => resource === RESOURCE && action === 'pre-promote')
  const promote = log.actions.findLast(
    one => one.resource === RESOURCE && one.action === 'promote' && one.node === node,
  )
  if (deed?.opened === undefined || promote === undefined || prePromote.length === 0)
    throw new Failure('unintelligible', `the logs do not show how ${node} was promoted`)
  const asked = Math.min(...prePromote.map(({ begin }) => begin))
  const answered = Math.max(...prePromote.map(({ end }) => end))
  return {
    promote: { 'start, look and decide': deed.decided - promote.begin, ...Object.fromEntries(deed.parts) },
    shareMs: answered - asked + (deed.opened - promote.begin),
  }
}
