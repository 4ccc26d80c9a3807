import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { actionTable } from './readme-actions.ts'
import { attributeTable } from './readme-attributes.ts'
import { exitTable, ladderTable, scoreTable } from './readme-judgements.ts'
import { failoverTable, gapTable, versionTable } from './readme-measured.ts'
import { stateTable } from './readme-states.ts'
import { readmeTable } from './readme-table.ts'

/** The file whose tables are written. */
export const README = join(import.meta.dirname, '../README.md')

/** The tables of the README by the name in the comment before each. */
export const TABLES: Readonly<Record<string, () => string>> = {
  parameters: readmeTable,
  actions: actionTable,
  states: stateTable,
  scores: scoreTable,
  ladder: ladderTable,
  'exit codes': exitTable,
  attributes: attributeTable,
  failover: () => failoverTable(),
  gap: () => gapTable(),
  'measured with': versionTable,
}

const BLOCK = /(<!-- table: ([\w ]+), written by npm run readme -->\n)(.*?)(<!-- end of table -->)/gs

/** The names of the tables that a text has places for. */
export const placesIn = (text: string): string[] => [...text.matchAll(BLOCK)].map(([, , name = '']) => name)

/** The text with every table as the code has it now. Throws for a name that no table has. */
export function fillTables(text: string): string {
  return text.replaceAll(BLOCK, (_, begin: string, name: string, _old: string, end: string) => {
    const render = TABLES[name]
    if (render === undefined) throw new Error(`README.md has a place for the table "${name}", which does not exist`)
    return `${begin}\n${render()}\n${end}`
  })
}

if (import.meta.main) await writeFile(README, fillTables(await readFile(README, 'utf8')))
