import type { Cost } from './measure.ts'

const HEADER = ['agent', 'wall ms', 'CPU ms', 'MiB', 'forks', 'programs', 'exit']

/** Costs as a table of text: each with how many times the first row's it is. */
export function table(costs: readonly Cost[]): string {
  const [first] = costs
  if (first === undefined) return ''
  const ratio = (own: number, base: number) => `${own.toFixed(0)} (${(own / base).toFixed(1)}×)`
  const rows = costs.map(({ name, wallMs, cpuMs, memoryMib, forks, programs, exitCodes }) => [
    name,
    ratio(wallMs, first.wallMs),
    ratio(cpuMs, first.cpuMs),
    ratio(memoryMib, first.memoryMib),
    String(forks),
    String(programs),
    exitCodes.join(','),
  ])
  return columns([HEADER, ...rows])
}

/** Rows as lines of text with even columns, the first one to the left and the others to the right. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0))) ?? []
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
  return rows.map(line).join('\n')
}
