import { code, table } from '../../packaging/markdown.ts'
import { type EngineRun, nameOfRun } from './engine-run.ts'
import { isGreen, type Tally, tally, tallyRows } from './tally.ts'
import type { FaultOutcome } from './types.ts'
import { RUNGS, type Rung } from './way-back.ts'

const WHAT = `Every fault happens to a healthy cluster of three nodes under load: 16 writers at the writers' address, with single rows,
transactions of 2 to 20 rows, values of 1 to 4 MB, and sessions that idle in a transaction for seconds. Each cell says: the longest
time without an acknowledged write; how many acknowledged transactions the source lacks afterwards; after what time every node was the
source again or acknowledged its writes (or was in quarantine, where it belongs there), without a human. Where a fault happened several times: the median and
the longest gap, and the longest time to health. All nodes share one small machine, so times are upper bounds.
`

/** The report in Markdown. `picture` is the name of its picture's file. */
export function reportText(runs: readonly EngineRun[], picture: string): string {
  const rows = runs.flatMap(({ outcomes }) => outcomes)
  const { planned = [], random = [] } = Object.groupBy(runs, runKind)
  const parts = [
    '# What the fault suite shows',
    WHAT,
    verdict(rows),
    madeWith(runs),
    `![The write gap of each fault on each engine](${picture})`,
    ...(planned.length === 0 ? [] : ['## Each fault', faultTable(planned)]),
    ...(random.length === 0 ? [] : ['## Faults at random', RANDOM, randomTable(random)]),
    ...wayBackSection(runs),
    ...redSection(rows),
    `What is checked after every fault: ${checkNames(rows).join('; ')}.`,
  ]
  return `${parts.map(part => part.trimEnd()).join('\n\n')}\n`
}

const runKind = ({ minutes }: EngineRun) => (minutes === undefined ? 'planned' : 'random')

const RANDOM = `One fault after the other on the same cluster for as long as the run lasts, drawn from all that need no human afterwards: by the seed alone,
so that \`npm run chaos -- --minutes N --seed SEED\` draws the same again. A cluster with a red row is replaced by a new one.
`

function randomTable(runs: readonly EngineRun[]): string {
  const rows = runs.map(run => {
    const all = tallyRows(run.outcomes)
    const fenced = run.outcomes.reduce((sum, row) => sum + row.fenced.length, 0)
    const counts = [run.minutes ?? '', all.rows, all.green, all.rows - all.green, fenced].map(String)
    return [nameOfRun(run), code(run.seed), ...counts, gapWords(all), lossWords(all), healthWords(all)]
  })
  return table(
    ['run', 'seed', 'minutes', 'faults', 'green', 'red', 'nodes fenced', 'write gap', 'lost', 'at the latest'],
    rows,
  )
}

function verdict(rows: readonly FaultOutcome[]): string {
  const green = rows.filter(isGreen).length
  const lost = rows.reduce((sum, row) => sum + (row.lost ?? 0), 0)
  const unjudged = rows.filter(row => row.lost === null).length
  const unknown = unjudged === 0 ? '' : `, unknown in ${unjudged} rows`
  return `**${rows.length} rows, ${green} green, ${rows.length - green} red; acknowledged transactions lost: ${lost}${unknown}.**`
}

function madeWith(runs: readonly EngineRun[]): string {
  const rows = runs.map(({ at, seed, versions, ...kind }) => [
    nameOfRun(kind),
    new Date(at).toISOString().slice(0, 10),
    versions?.server ?? 'no cluster came up',
    versions?.pacemaker ?? '',
    versions?.corosync ?? '',
    versions?.heir ?? '',
    code(seed),
  ])
  return table(['run', 'date', 'server', 'Pacemaker', 'corosync', 'heir', 'seed'], rows)
}

function faultTable(runs: readonly EngineRun[]): string {
  const tallies = runs.map(({ outcomes }) => new Map(tally(outcomes).map(one => [one.fault, one])))
  const titles = new Map(tallies.flatMap(one => [...one.values()].map(({ fault, title }) => [fault, title] as const)))
  const rows = [...titles].map(([fault, title]) => [code(fault), title, ...tallies.map(one => cell(one.get(fault)))])
  return table(['fault', 'what happens', ...runs.map(nameOfRun)], rows)
}

function cell(row: Tally | undefined): string {
  if (row === undefined) return 'not run'
  const red = row.rows - row.green
  const times = row.rows === 1 ? '' : `${row.rows} times: `
  const text = `${times}${gapWords(row)}, ${lossWords(row)}, ${healthWords(row)}`
  return red === 0 ? text : `**RED${row.rows === 1 ? '' : ` ${red}`}** ${text}`
}

function gapWords({ rows, medianGapMs, longestGapMs, withoutWrites }: Tally): string {
  if (medianGapMs === undefined || longestGapMs === undefined) return 'no write afterwards'
  const longest = rows === 1 ? '' : ` (most ${seconds(longestGapMs)})`
  const never = withoutWrites === 0 ? '' : ` (${withoutWrites} times for ever)`
  return `${seconds(medianGapMs)}${longest}${never}`
}

function lossWords({ lost, unjudged }: Tally): string {
  return unjudged === 0 ? `lost ${lost}` : `lost ${lost === 0 ? 'unknown' : `${lost} or more`}`
}

function healthWords({ healthyMs, unhealthy }: Tally): string {
  if (healthyMs === undefined) return 'not healthy'
  return `healthy after ${seconds(healthyMs)}${unhealthy === 0 ? '' : `, ${unhealthy} times not`}`
}

function redSection(rows: readonly FaultOutcome[]): string[] {
  const red = rows.filter(row => !isGreen(row))
  if (red.length === 0) return []
  const lines = red.map(({ engine, title, checks }) => {
    const failed = checks.filter(({ ok }) => !ok).map(({ name, detail }) => `  - ${name}: ${detail}`)
    return [`- ${engine}, ${title}`, ...failed].join('\n')
  })
  return ['## What is red', lines.join('\n')]
}

/** How the old sources came back, where the logs tell. */
function wayBackSection(runs: readonly EngineRun[]): string[] {
  const rows = runs.flatMap(({ engine, outcomes }) => {
    const known = outcomes.filter(({ wayBack }) => wayBack !== undefined)
    return [...Map.groupBy(known, ({ fault }) => fault)].map(([fault, of]) => [
      engine,
      code(fault),
      ...wayBackCells(of),
    ])
  })
  if (rows.length === 0) return []
  return ['## How the old source came back', WAY_BACK, table(WAY_BACK_COLUMNS, rows)]
}

const WAY_BACK = `By the log of its node: what it met on its way, and the time from when its server answered until it acknowledged
the writes of the new source again.`

const WAY_BACK_COLUMNS = [
  'engine',
  'fault',
  'times',
  'cut',
  'not cut',
  'followed as it was',
  'fetched elsewhere',
  'kept apart',
  'within 30 s',
  'longest',
]

function wayBackCells(rows: readonly FaultOutcome[]): string[] {
  const ways = rows.flatMap(({ wayBack }) => wayBack ?? [])
  const met = (rung: Rung) => String(ways.filter(way => way.rung === rung).length)
  const times = ways.flatMap(({ backMs }) => backMs ?? [])
  const soon = times.filter(ms => ms <= 30_000).length
  return [
    ...[String(ways.length), ...RUNGS.map(met)],
    ...[`${soon} of ${ways.length}`, times.length === 0 ? 'never' : seconds(Math.max(...times))],
  ]
}

function checkNames(rows: readonly FaultOutcome[]): string[] {
  return [...new Set(rows.flatMap(({ checks }) => checks.map(({ name }) => name)))]
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
