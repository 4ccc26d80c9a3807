import { type GapRun, median } from '../../packaging/measurement.ts'
import { columns } from './table.ts'

/** The parts of the gaps as a table of text: medians over the runs of each fault, in milliseconds. */
export function gapTable(runs: readonly GapRun[], faults: readonly string[]): string {
  const of = (fault: string) => runs.filter(run => run.fault === fault)
  const rows = (parts: (run: GapRun) => Readonly<Record<string, number>>) =>
    namesIn(runs.map(parts)).map(name => [
      name,
      ...faults.map(fault => text(median(of(fault).map(run => parts(run)[name] ?? 0)))),
    ])
  const total = (title: string, value: (run: GapRun) => number) => [
    title,
    ...faults.map(fault => text(median(of(fault).map(value)))),
  ]
  return [
    columns([['write gap, ms', ...faults], ...rows(({ parts }) => parts), total('in all', ({ gapMs }) => gapMs)]),
    columns([['promote, ms', ...faults], ...rows(({ promote }) => promote)]),
    columns([['', ...faults], total("the agent's own share, ms", ({ shareMs }) => shareMs)]),
  ].join('\n\n')
}

/** Every name once, in the order in which they first come. */
const namesIn = (parts: readonly Readonly<Record<string, number>>[]) => [...new Set(parts.flatMap(Object.keys))]

const text = (milliseconds: number | undefined) => milliseconds?.toFixed(0) ?? ''
