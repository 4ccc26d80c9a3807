import { Deadline } from '../../lib/system/deadline.ts'
import { APPLICATION } from './accounts.ts'
import type { Lab } from './lab.ts'

/** Wait until all servers of the lab have the same rows, by these columns, in the table that the write client fills. */
export async function sameRows(lab: Lab, columns: string): Promise<void> {
  const sum = `SELECT COUNT(*), BIT_XOR(CRC32(CONCAT_WS(':', ${columns}))) FROM ${APPLICATION.database}.writes`
  const probe = async () => {
    const sums = await Promise.all(lab.nodes.map(node => lab.sql(node, sum)))
    return new Set(sums.map(String)).size === 1 || undefined
  }
  await lab.waitFor('the same rows on all nodes', probe, Deadline.in(60_000))
}
