/** `npm run demo [-- --engine NAME]`: three faults on a real cluster under load, watched, counted and drawn. */
import { mkdir, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Deadline } from '../../lib/system/deadline.ts'
import { DIST } from '../../packaging/products.ts'
import { makePackage } from '../../packaging/rpm.ts'
import { faultNamed } from '../chaos/faults.ts'
import { type Outcome, trial } from '../chaos/trial.ts'
import { ENGINE_NAMES } from './engines.ts'
import { upWithHeir, waitUntilHealthy } from './heir-cluster.ts'
import { heldRows } from './held-rows.ts'
import { judge } from './judge.ts'
import type { Lab } from './lab.ts'
import { writePicture } from './picture.ts'
import { Watch } from './watch.ts'
import { WriteLoad } from './write-load.ts'

const { values } = parseArgs({ options: { engine: { type: 'string', default: 'mariadb-10.11' } } })
const engine = ENGINE_NAMES.find(name => name === values.engine)
if (engine === undefined) {
  console.error(`demo: there is no engine ${values.engine}: choose from ${ENGINE_NAMES.join(', ')}`)
  process.exit(2)
}

/** The picture shows that writes go on after the last fault too. */
const AFTERMATH_MS = 5000

const begin = Date.now()
const say = (line: string) => console.log(`${((Date.now() - begin) / 1000).toFixed(1).padStart(6)} s  ${line}`)

say('building the package')
await makePackage()
await using lab = await upWithHeir({ engine, progress: say })
const outcomes = await perform(lab)
process.exitCode = outcomes.every(({ lost }) => lost === 0) ? 0 : 1

async function perform(lab: Lab): Promise<Outcome[]> {
  const record = join(DIST, `demo-${engine}.record`)
  await mkdir(DIST, { recursive: true })
  await rm(record, { force: true })
  say('writers begin, through the address for writers')
  const load = await WriteLoad.start(lab, { record })
  const watch = new Watch(lab, load, say)
  const outcomes = await survive(lab, load).finally(() => watch.stop())
  const attempts = await load.stop()
  await waitUntilHealthy(lab, Deadline.in(60_000))
  const verdicts = judge(attempts, await heldRows(lab, lab.nodes))
  await writePicture(
    {
      title: `heir on ${lab.engine.name}: acknowledged writes per second`,
      subtitle: `three nodes, ${attempts.length} writes through one address`,
      attempts,
      marks: outcomes.map(({ at, fault }) => ({ at, label: fault.name })),
      roles: watch.roles,
    },
    DIST,
    `demo-${engine}`,
  )
  printTable(outcomes)
  for (const { server, missing, rows } of verdicts)
    console.log(`${server} holds ${rows} rows; acknowledged and missing: ${missing.length}`)
  console.log(`\nThe picture: ${relative('.', join(DIST, `demo-${engine}.png`))} and .svg`)
  if (verdicts.some(({ missing }) => missing.length > 0)) throw new Error('acknowledged writes are missing')
  return outcomes
}

async function survive(lab: Lab, load: WriteLoad): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const fault of ['kill-source', 'off-source', 'switchover'].map(faultNamed)) {
    say(`--- next: ${fault.title}`)
    const outcome = await trial(lab, load, fault)
    say(`--- survived: ${describe(outcome)}`)
    outcomes.push(outcome)
  }
  await delay(AFTERMATH_MS)
  return outcomes
}

function describe({ before, after, gapMs, lost }: Outcome): string {
  return `${before} to ${after}, ${(gapMs / 1000).toFixed(2)} s without a write, ${lost} acknowledged writes lost`
}

function printTable(outcomes: readonly Outcome[]): void {
  const rows = outcomes.map(({ fault, before, after, gapMs, lost, healthyMs }) => [
    fault.title,
    `${before} -> ${after}`,
    `${(gapMs / 1000).toFixed(2)} s`,
    String(lost),
    `${(healthyMs / 1000).toFixed(1)} s`,
  ])
  const table = [['fault', 'primary', 'write gap', 'acknowledged writes lost', 'old primary a replica after'], ...rows]
  const widths = table[0]?.map((_, column) => Math.max(...table.map(row => row[column]?.length ?? 0))) ?? []
  console.log(
    `\n${table.map(row => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n')}\n`,
  )
}
