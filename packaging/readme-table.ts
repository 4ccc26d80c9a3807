import { PARAMETERS } from '../agent/parameter-table.ts'
import type { Parameter } from '../agent/parameter-type.ts'

/** The parameters as a table in Markdown, for the README. Those that are deprecated stand in the manual alone. */
export function readmeTable(): string {
  const rows = Object.entries<Parameter<unknown>>(PARAMETERS).filter(([, { deprecated }]) => deprecated === undefined)
  return `${['| parameter | default | what for |', '|---|---|---|', ...rows.map(row)].join('\n')}\n`
}

const row = ([name, { default: initial, options, long }]: readonly [string, Parameter<unknown>]): string => {
  const choice = options === undefined ? '' : ` (${options.map(option => `\`${option}\``).join(', ')})`
  return `| \`${name}\` | ${initial === '' ? '' : `\`${initial}\``}${choice} | ${long.replaceAll('|', '\\|')} |`
}

if (import.meta.main) console.log(readmeTable())
