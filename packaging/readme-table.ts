import { PARAMETERS } from '../agent/parameter-table.ts'
import type { Parameter } from '../agent/parameter-type.ts'
import { code, table } from './markdown.ts'

/** The parameters as a table in Markdown, for the README. Those that are deprecated stand in the manual alone. */
export function readmeTable(): string {
  const rows = Object.entries<Parameter<unknown>>(PARAMETERS).filter(([, { deprecated }]) => deprecated === undefined)
  return table(['parameter', 'default', 'what for'], rows.map(row))
}

function row([name, parameter]: readonly [string, Parameter<unknown>]): string[] {
  const { default: initial, options, long, reloadable } = parameter
  const choice = options === undefined ? [] : [`(${options.map(code).join(', ')})`]
  const value = [...(initial === '' ? [] : [code(initial)]), ...choice].join(' ')
  return [code(name), value, reloadable ? `${long} A change needs no restart.` : long]
}
