import { Deadline } from '../../lib/system/deadline.ts'
import { APPLICATION } from './accounts.ts'
import type { Lab } from './lab.ts'

const IDS = `SELECT CONCAT(writer, ':', sequence) FROM ${APPLICATION.database}.writes`

/**
 * The ids of the rows that each of the nodes' servers holds now: what the judge compares with the record.
 * With the beginning of the writers' names that a load has in common: the rows of that load alone.
 */
export async function heldRows(lab: Lab, nodes: readonly string[], run?: string): Promise<Map<string, Set<string>>> {
  const held = nodes.map(async node => {
    const rows = await lab.sql(node, run === undefined ? IDS : `${IDS} WHERE writer LIKE '${run}.%'`)
    return [node, new Set(rows.flat())] as const
  })
  return new Map(await Promise.all(held))
}

/** The same once all of the lab's servers hold as many: a replica may have to catch up first. Throws Failure `timed-out`. */
export function evenRows(lab: Lab): Promise<Map<string, Set<string>>> {
  const probe = async () => {
    const held = await heldRows(lab, lab.nodes)
    return new Set([...held.values()].map(({ size }) => size)).size === 1 ? held : undefined
  }
  return lab.waitFor('as many rows on every node', probe, Deadline.in(60_000))
}
