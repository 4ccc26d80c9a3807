import { APPLICATION } from './accounts.ts'
import type { Lab } from './lab.ts'

const IDS = `SELECT CONCAT(writer, ':', sequence) FROM ${APPLICATION.database}.writes`

/** The ids of the rows that each of the nodes' servers holds now: what the judge compares with the record. */
export async function heldRows(lab: Lab, nodes: readonly string[]): Promise<Map<string, Set<string>>> {
  const held = nodes.map(async node => {
    const rows = await lab.sql(node, IDS)
    return [node, new Set(rows.flat())] as const
  })
  return new Map(await Promise.all(held))
}
