/**
 * `npm run chaos`: faults on real clusters under load, each one judged.
 *
 *   npm run chaos -- --engine mariadb-10.11 --fault kill-source,off-source
 *   npm run chaos -- --all
 *   npm run chaos -- --fault kill-source --times 50
 *   npm run chaos -- --minutes 60 --seed 7 --engine mysql-9.7
 *   npm run chaos -- --minutes 60 --engine mysql-9.7 --set durability=strict --set acks=2
 *   npm run chaos -- --all --resume      the rows that are green in the report stay; the same agent is presumed
 *   npm run chaos -- --render DIR
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { DIST } from '../../packaging/products.ts'
import { makePackage } from '../../packaging/rpm.ts'
import { ENGINE_NAMES, type EngineName } from '../lab/engines.ts'
import { loadEngineRun } from './engine-run.ts'
import { FAULTS } from './faults.ts'
import { drawFaults } from './random-faults.ts'
import { writeReport } from './report.ts'
import { runSuite } from './suite.ts'
import { isGreen } from './tally.ts'
import type { Fault, FaultOutcome } from './types.ts'

const { values } = parseArgs({
  options: {
    engine: { type: 'string', multiple: true, default: [] },
    fault: { type: 'string', multiple: true, default: [] },
    all: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    render: { type: 'string' },
    resume: { type: 'boolean', default: false },
    times: { type: 'string', default: '1' },
    minutes: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    set: { type: 'string', multiple: true, default: [] },
    report: { type: 'string', default: `${DIST}/chaos` },
    name: { type: 'string' },
  },
})

const begin = Date.now()
const say = (line: string) => console.log(`${((Date.now() - begin) / 1000).toFixed(0).padStart(6)} s  ${line}`)

if (values.list) for (const { name, title } of FAULTS) console.log(`${name.padEnd(24)} ${title}`)
else if (values.render !== undefined) say(`the report: ${await writeReport(resolve(values.render))}`)
else process.exitCode = (await main()) ? 0 : 1

/** Whether every row is green. */
async function main(): Promise<boolean> {
  const engines = chosen(words(values.engine), ENGINE_NAMES, engine => engine)
  const faults = chosen(words(values.fault), FAULTS, ({ name }) => name)
  if (!values.all && values.minutes === undefined && words(values.fault).length === 0) {
    return refuse('say --all, --fault NAME,... or --minutes N; --list names the faults')
  }
  say('building the package')
  await makePackage()
  const outcomes: FaultOutcome[] = []
  for (const engine of engines) outcomes.push(...(await onEngine(engine, faults)))
  say(`the report: ${await writeReport(resolve(values.report))}`)
  const red = outcomes.filter(outcome => !isGreen(outcome))
  say(`${outcomes.length} rows, ${red.length} red${red.map(({ fault, engine }) => `\n  ${engine} ${fault}`).join('')}`)
  return red.length === 0 && outcomes.length > 0
}

async function onEngine(engine: EngineName, faults: readonly Fault[]): Promise<FaultOutcome[]> {
  const { seed, minutes, name, report } = values
  const end = Date.now() + Number(minutes ?? 0) * 60_000
  const drawn = () => drawFaults(faults, seed, () => Date.now() < end)
  const parameters = values.set.length === 0 ? undefined : values.set
  const kind = { engine, parameters, minutes: minutes === undefined ? undefined : Number(minutes) }
  const directory = resolve(report)
  const kept = values.resume ? ((await loadEngineRun(directory, kind))?.outcomes ?? []) : []
  const due = faults.filter(({ name }) => !kept.some(row => row.fault === name && isGreen(row))).flatMap(often)
  return await runSuite({
    kind,
    faults: minutes === undefined ? due : drawn(),
    kept,
    needs: { dataDisk: faults.some(({ needs }) => needs?.dataDisk) },
    seed,
    directory,
    name,
    progress: say,
  })
}

/** One after the other, as often as is said. */
function often(fault: Fault): Fault[] {
  return Array.from({ length: Number(values.times) }, () => fault)
}

/** Every one that is named, or all where none is. */
function chosen<T>(names: readonly string[], among: readonly T[], nameOf: (one: T) => string): T[] {
  const unknown = names.filter(name => !among.some(one => nameOf(one) === name))
  if (unknown.length > 0) refuse(`${unknown.join(', ')}: choose from ${among.map(nameOf).join(', ')}`)
  return names.length === 0 ? [...among] : names.flatMap(name => among.filter(one => nameOf(one) === name))
}

function words(values: readonly string[]): string[] {
  return values.flatMap(value => value.split(',')).filter(word => word !== '')
}

function refuse(because: string): never {
  console.error(`chaos: ${because}`)
  process.exit(2)
}
