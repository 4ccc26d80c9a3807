import { ATTRIBUTES } from '../../cib/attributes.ts'
import { Failure } from '../../lib/system/failure.ts'
import { APPLICATION } from '../lab/accounts.ts'
import { RESOURCE } from '../lab/heir-cluster.ts'
import { heldRows } from '../lab/held-rows.ts'
import type { Lab } from '../lab/lab.ts'
import type { NodeFacts, Payload } from './facts.ts'

const SERVERS_OWN = "'mysql', 'sys', 'performance_schema', 'information_schema'"

const TABLES = `SELECT CONCAT('\`', table_schema, '\`.\`', table_name, '\`') FROM information_schema.tables
  WHERE table_type = 'BASE TABLE' AND table_schema NOT IN (${SERVERS_OWN})`

const PAYLOADS = `SELECT writer, sequence, (SELECT MAX(written.sequence) FROM ${APPLICATION.database}.writes written
  WHERE written.writer = payloads.writer) FROM ${APPLICATION.database}.payloads`

/** MariaDB's state has the last transaction of every server in every domain: what one node alone wrote shows in it. */
const EXECUTED = { mysql: 'SELECT @@global.gtid_executed', mariadb: 'SELECT @@global.gtid_binlog_state' } as const

/** The exit code of Pacemaker's tools. */
const NO_SUCH_ATTRIBUTE = 105

/** What a node's server holds now, of the load with this name. Throws what Lab.sql() throws. */
export async function observeNode(lab: Lab, node: string, run: string): Promise<NodeFacts> {
  const [held, counts, payloads, tables, executed, quarantine] = await Promise.all([
    heldRows(lab, [node], run),
    lab.sql(node, `SELECT @@global.read_only = 0, (${earlierRows(run)})`),
    lab.sql(node, PAYLOADS),
    checksums(lab, node),
    executedText(lab, node),
    quarantineOf(lab, node),
  ])
  const [[writable, earlier] = []] = counts
  return {
    node,
    quarantine,
    writable: writable === '1',
    rows: held.get(node) ?? new Set(),
    earlierRows: Number(earlier),
    payloads: payloads.map(payload),
    tables,
    executed,
  }
}

/** The statement that counts the rows of all other loads. */
export function earlierRows(run: string): string {
  return `SELECT COUNT(*) FROM ${APPLICATION.database}.writes WHERE writer NOT LIKE '${run}.%'`
}

/** Every transaction that a server executed, in its own words, in one order. */
export async function executedText(lab: Lab, node: string): Promise<string> {
  const [[text = ''] = []] = await lab.sql(node, EXECUTED[lab.engine.flavour])
  return text.replaceAll('\\n', '').split(',').toSorted().join(',')
}

/** Why the node's data must not be used, as the cluster remembers it; undefined where they may be. */
export async function quarantineOf(lab: Lab, node: string): Promise<string | undefined> {
  const name = ATTRIBUTES.quarantine(RESOURCE)
  const query = ['crm_attribute', '--node', node, '--name', name, '--query', '--quiet']
  const { exitCode, stdout, stderr } = await lab.exec(node, query)
  if (exitCode === NO_SUCH_ATTRIBUTE) return undefined
  if (exitCode !== 0) throw new Failure('rejected', `${node}: whether it is in quarantine: ${stderr}`)
  return stdout.trim()
}

async function checksums(lab: Lab, node: string): Promise<Map<string, string>> {
  const tables = (await lab.sql(node, TABLES)).flat()
  if (tables.length === 0) return new Map()
  const rows = await lab.sql(node, `CHECKSUM TABLE ${tables.join(', ')}`)
  return new Map(rows.map(([table = '', checksum = '']) => [table, checksum]))
}

function payload([writer = '', sequence, lastSequence]: readonly string[]): Payload {
  return { writer, sequence: Number(sequence), lastSequence: Number(lastSequence) }
}
