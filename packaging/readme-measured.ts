import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { table } from './markdown.ts'
import { type FailoverRun, type GapRun, type Measurement, median } from './measurement.ts'

const DIRECTORY = join(import.meta.dirname, 'measured')

/** The faults in the order of the tables, as the README calls them. */
const FAULTS: Readonly<Record<string, string>> = {
  'kill-source': "`kill -9` of the primary's server",
  'off-source': 'power off of the primary',
  'cut-source': 'cable of the primary cut, then fenced',
  standby: 'primary put into standby',
  switchover: 'hand-over by plan',
  'one-way-3': 'replication dropped for 3 s while clients get through, then power off',
  'one-way-15': 'replication dropped for 15 s while clients get through, then power off',
}

/** heir first, beside the agents of resource-agents. */
const AGENTS = ['heir:mysql', 'heartbeat:mariadb', 'heartbeat:mysql']

/** What each agent made of each fault, as a table in Markdown. */
export function failoverTable(found = measurements<FailoverRun>('failover')): string {
  const rows = found.flatMap(({ engine, runs }) =>
    Object.entries(FAULTS)
      .filter(([fault]) => runs.some(run => run.fault === fault))
      .map(([fault, title]) => [
        engine,
        title,
        ...AGENTS.map(agent => outcome(runs.filter(run => run.agent === agent && run.fault === fault))),
      ]),
  )
  return table(['engine', 'fault', ...AGENTS.map(agent => `\`ocf:${agent}\``)], rows)
}

/** When and with what versions it was measured, as a table in Markdown. */
export function versionTable(): string {
  const rows = ['failover', 'gap'].flatMap(bench =>
    measurements<unknown>(bench).map(({ engine, date, versions, runs }) => [
      `${bench}, ${engine}`,
      date,
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
      String(runs.length),
    ]),
  )
  return table(['measured', 'on', 'with', 'runs'], rows)
}

/** What a write gap of heir is spent on, as a table in Markdown: medians, in the order of time. */
export function gapTable(found = measurements<GapRun>('gap')): string {
  const columns = found.flatMap(({ engine, runs }) =>
    GAP_FAULTS.map(fault => ({ engine, fault, runs: runs.filter(run => run.fault === fault) })),
  )
  const names = new Set(columns.flatMap(({ runs }) => runs.flatMap(({ parts }) => Object.keys(parts))))
  const row = (title: string, value: (run: GapRun) => number) => [
    title,
    ...columns.map(({ runs }) => milliseconds(median(runs.map(value)))),
  ]
  return table(
    ['milliseconds', ...columns.map(({ engine, fault }) => `${engine}: ${GAP_TITLES[fault] ?? fault}`)],
    [
      ...[...names].map(name => row(name, ({ parts }) => parts[name] ?? 0)),
      row('**the whole gap**', ({ gapMs }) => gapMs),
      row('the part of the agent that decides: pre-promote, and promote up to open writes', ({ shareMs }) => shareMs),
    ],
  )
}

const GAP_FAULTS = ['kill-source', 'switchover']
const GAP_TITLES: Readonly<Record<string, string>> = { 'kill-source': '`kill -9`', switchover: 'hand-over' }

function measurements<Run>(bench: string): Measurement<Run>[] {
  const files = readdirSync(DIRECTORY).filter(name => name.startsWith(`${bench}-`))
  return files.toSorted().map(name => JSON.parse(readFileSync(join(DIRECTORY, name), 'utf8')))
}

/** The runs of one agent with one fault: the median of the gaps with the least and the most, and everything that went wrong. */
function outcome(runs: readonly FailoverRun[]): string {
  if (runs.length === 0) return '–'
  const gaps = runs.map(({ gapMs }) => gapMs ?? Number.POSITIVE_INFINITY)
  const [least, middle, most] = [Math.min(...gaps), median(gaps) ?? 0, Math.max(...gaps)].map(seconds)
  return [
    least === most ? `${middle} s` : `${middle} s (${least}–${most})`,
    ...lossesOf(runs),
    ...failuresOf(runs),
  ].join('; ')
}

const seconds = (gap: number) => (Number.isFinite(gap) ? (gap / 1000).toFixed(1) : '∞')

function lossesOf(runs: readonly FailoverRun[]): string[] {
  const losses = runs.map(({ lost }) => lost ?? 0)
  return losses.some(lost => lost > 0) ? [`**${losses.join(', ')} lost**`] : []
}

function failuresOf(runs: readonly FailoverRun[]): string[] {
  const count = (title: string, isSo: (run: FailoverRun) => boolean) => {
    const times = runs.filter(isSo).length
    return times === 0 ? [] : [times === runs.length ? title : `${title} (${times} of ${runs.length})`]
  }
  return [
    ...count('old primary not back', ({ returned }) => !returned),
    ...count('data differ', ({ differing }) => differing.length > 0),
  ]
}

const milliseconds = (value: number | undefined) => (value === undefined ? '' : value.toFixed(0))
